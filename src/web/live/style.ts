/**
 * How the dashboard looks, beside what it has of the report's style sheet.
 */

/** The dashboard's own style sheet. */
export const liveStyle = `
body{--wide:1240px}
main{max-width:var(--wide);padding:24px 24px 40px}main:focus{outline:none}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;z-index:9;background:var(--paper);padding:8px}
.bar{position:sticky;top:0;z-index:5;display:flex;flex-wrap:wrap;gap:4px 22px;align-items:center;padding:8px 24px;background:var(--paper);border-bottom:1px solid var(--line)}
.bar .study{margin:0;color:var(--ink);display:flex;gap:10px;align-items:center;min-width:0}.bar .study b{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;max-width:40vw}
.bar nav{display:flex;gap:2px;flex-wrap:wrap}.bar nav a{padding:7px 11px;border-radius:8px;color:var(--text)}.bar nav a:hover{background:var(--panel);text-decoration:none}
.bar nav a[aria-current]{background:var(--panel);color:var(--ink);font-weight:600}#line{margin-left:auto;font-size:13px}
#line.lost{color:var(--red);font-weight:600}
.pill{display:inline-block;font-size:13px;font-weight:600;line-height:1;padding:5px 9px;border-radius:99px;background:var(--panel);color:var(--text);white-space:nowrap}
.pill.state-running{background:var(--add);color:var(--add-ink)}.pill.state-paused,.pill.state-stopping,.pill.state-waiting,.pill.state-interrupted{background:var(--badge);color:var(--badge-ink)}.pill.is-kept{background:var(--add);color:var(--add-ink)}.pill.is-failed{background:var(--del);color:var(--del-ink)}
h1.small{font-size:clamp(22px,3vw,28px);margin:4px 0 10px}h1 .number{color:var(--quiet);font-weight:500}
h3{font-size:16px;margin:0;color:var(--ink)}
.runs{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,420px),1fr));gap:12px}
.run{margin:0;padding:12px 16px;min-width:0}.run h3{font-weight:600}.run .what{margin:2px 0 8px}.run pre{max-height:210px;font-size:12px}
progress{-webkit-appearance:none;appearance:none;display:block;width:100%;height:8px;border:0;border-radius:4px;overflow:hidden;background:var(--line);color:var(--blue)}
progress::-webkit-progress-bar{background:var(--line)}progress::-webkit-progress-value{background:var(--blue)}progress::-moz-progress-bar{background:var(--blue)}
.rules li{display:grid;grid-template-columns:minmax(110px,240px) minmax(60px,1fr) minmax(150px,auto);gap:14px;align-items:center}
.acts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,340px),1fr));gap:12px;align-items:start}.acts .card{margin:0}
.acts form{display:grid;gap:10px;justify-items:start}.acts p{margin:0}textarea,input,select,button{font:inherit;color:inherit}
textarea,input[type=search],input[type=number],select{background:var(--paper);color:var(--ink);border:1px solid var(--quiet);border-radius:8px;padding:7px 10px}textarea{width:100%;resize:vertical}input[type=number]{width:5em}
button{background:var(--ink);color:var(--paper);border:0;border-radius:8px;padding:9px 14px;font-weight:600;cursor:pointer}button.grave{background:var(--red)}
#said:not(:empty){background:var(--panel);border-radius:8px;padding:10px 14px}#said.no{background:var(--del);color:var(--del-ink)}
.troubles li{border:0;margin:6px 0}
.filter{display:flex;flex-wrap:wrap;gap:10px 16px;align-items:end}.filter label>span{display:block;font-size:13px;color:var(--quiet)}.filter .q{flex:1 1 260px}.filter .q input{width:100%}
.columns{position:relative}.columns>summary{padding:8px 12px;border:1px solid var(--quiet);border-radius:8px;cursor:pointer;list-style-position:inside}
.columns>div{position:absolute;right:0;z-index:4;width:min(560px,calc(100vw - 32px));max-height:60vh;overflow:auto;background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:12px 16px;box-shadow:0 8px 30px rgb(0 0 0/.18)}
.columns fieldset{border:0;margin:0 0 8px;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,170px),1fr));gap:2px 12px}.columns legend{color:var(--quiet);font-size:13px;padding:0}.columns fieldset label{overflow-wrap:anywhere}
.grid{border:1px solid var(--line);border-radius:10px}.grid table{font-size:14px}
.grid th,.grid td,.grid td:nth-child(3),.grid td:nth-child(4),.grid th:nth-child(3),.grid th:nth-child(4){text-align:left;padding:6px 12px;white-space:nowrap;max-width:340px;overflow:hidden;text-overflow:ellipsis}
.grid th.num,.grid td.num,.grid th.num:nth-child(n),.grid td.num:nth-child(n){text-align:right}
.grid td:last-child{min-width:0;padding-right:12px}.grid td.title{white-space:normal;min-width:220px;overflow-wrap:anywhere}
.grid thead th{background:var(--panel)}.grid thead a{color:var(--quiet)}.grid tbody tr:hover td{background:var(--panel)}.grid tr.is-kept td{font-weight:500}.grid tr:last-child td{border-bottom:0}
.pager{display:flex;gap:16px;margin:12px 0}.foot{max-width:var(--wide);margin:0 auto;padding:0 24px 32px;color:var(--quiet);font-size:14px}
#keys dl{display:grid;gap:4px;margin:8px 0}#keys div{display:flex;gap:12px}#keys dt{min-width:70px}#keys dd{margin:0}kbd{font-family:var(--mono);font-size:13px;background:var(--panel);border-radius:5px;padding:1px 6px}
.slices{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,360px),1fr));gap:8px 20px}.slices figure{margin:0}
.compare td,.compare th{vertical-align:middle}.across{min-width:720px}#untried h3{margin-top:18px}
.fig .crowd{stroke:#98a2b0;stroke-opacity:.5;stroke-width:5;stroke-linecap:round;fill:none}.fig .thread{fill:none;stroke-width:1}.fig .of-rest{stroke:#98a2b0;stroke-opacity:.35}.fig .of-best{stroke:#0f8a57;stroke-opacity:.6}.fig .of-incumbent{stroke:#0f8a57;stroke-width:3.5}
@media screen and (prefers-color-scheme:dark){.fig .crowd,.fig .of-rest{stroke:#6d7787}.fig .of-best,.fig .of-incumbent{stroke:#3fbf85}}
.fig .strongest{font-weight:600}.fig .halo{paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}
@media (max-width:640px){main{padding:14px 14px 32px}.bar{padding:6px 14px;gap:2px 12px}.bar nav{order:3;width:100%;flex-wrap:nowrap;overflow-x:auto}.bar nav{gap:0}.bar nav a{padding:7px 6px;font-size:14px}.rules li{grid-template-columns:1fr;gap:4px}.columns>div{left:0;right:auto}.foot{padding:0 14px 24px}}
@media print{.bar,.foot,#acts{display:none}}
`;
