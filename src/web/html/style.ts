/**
 * How the page looks: one column, light or dark as the reader's screen is, readable on a phone and on paper.
 */

/** The page's style sheet. */
export const pageStyle = `
:root{--ink:#12161c;--text:#2b323c;--quiet:#667080;--line:#e3e7ec;--paper:#ffffff;--panel:#f6f7f9;--green:#0b6b43;--red:#b42d24;--blue:#1f56b3;
--add:#e4f5ea;--add-ink:#0d4f2f;--del:#fdeaea;--del-ink:#7f1d1d;--badge:#fff3d6;--badge-ink:#7a4d00;
--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
@media screen and (prefers-color-scheme:dark){:root{--ink:#f2f4f7;--text:#cdd3dc;--quiet:#8f99a7;--line:#2a2f38;--paper:#14171c;--panel:#1b1f26;--green:#5fd3a0;--red:#f0776c;--blue:#8ab4f8;
--add:#12301f;--add-ink:#a6e5c3;--del:#3a1a1a;--del-ink:#f5b5b0;--badge:#3a2d0c;--badge-ink:#f3cf7a}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;overflow-wrap:break-word;background:var(--paper);color:var(--text);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
main{max-width:960px;margin:0 auto;padding:40px 24px 80px}
h1{font-size:clamp(26px,5vw,42px);line-height:1.15;margin:6px 0 4px;color:var(--ink);font-weight:650;letter-spacing:-.02em;overflow-wrap:anywhere}
h1 .metric{color:var(--quiet);font-weight:500;margin-right:.15em}h1 .arrow{color:var(--quiet);font-weight:400}h1 strong{color:var(--green);font-weight:650}
h2{font-size:21px;line-height:1.3;margin:52px 0 14px;color:var(--ink);letter-spacing:-.01em}
h2 .count{color:var(--quiet);font-weight:400;margin-left:.2em}
p{margin:8px 0}.lead{font-size:19px;margin:6px 0 10px}.quiet{color:var(--quiet)}.eyebrow{color:var(--quiet);font-size:14px;margin:0}
a{color:var(--blue);text-decoration:none}a:hover{text-decoration:underline}p a,li a,dd a{text-decoration:underline;text-underline-offset:2px}
.badge{display:inline-block;background:var(--badge);color:var(--badge-ink);font-size:13px;font-weight:600;line-height:1;padding:5px 9px;border-radius:99px;vertical-align:2px;margin-left:4px;white-space:nowrap}
.warning{background:var(--badge);color:var(--badge-ink);font-weight:600;padding:10px 14px;border-radius:8px}
.badge.sure{background:var(--add);color:var(--add-ink)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(118px,1fr));border:1px solid var(--line);border-radius:10px;overflow:hidden;margin:20px 0 14px}
.cards div{box-shadow:1px 1px 0 var(--line);padding:12px 14px}.cards dt{color:var(--quiet);font-size:13px}.cards dd{margin:2px 0 0;font-size:20px;font-weight:600;color:var(--ink)}.cards dd code{font-size:13px;font-weight:400}
.caveats,.claims{margin:10px 0 0;padding-left:18px;color:var(--quiet);font-size:14px}.metric-note{display:none}
figure{margin:28px 0 0}figure svg{display:block;width:100%;height:auto}.narrow{display:none}
.card{border:1px solid var(--line);border-radius:10px;margin:10px 0;padding:0 16px;background:var(--paper)}
.card[open]{padding-bottom:14px}.card:target{border-color:var(--blue);box-shadow:0 0 0 1px var(--blue)}
.card>summary,.card.row>p:first-child{display:flex;gap:12px;align-items:baseline;padding:12px 0;margin:0;cursor:pointer;list-style:none}
.card.row>p:first-child{cursor:auto;padding-bottom:0}.card.row>.facts{padding:0 0 12px 40px;margin:2px 0 0}
.card>summary::-webkit-details-marker{display:none}
.number{color:var(--quiet);min-width:28px;flex:none}.what{flex:1;font-weight:600;color:var(--ink);overflow-wrap:anywhere}
.gain{color:var(--green);font-weight:600;white-space:nowrap}.gain.none{color:var(--quiet)}.facts{color:var(--quiet);font-size:15px}
.hypothesis,.prose{white-space:pre-wrap;overflow-wrap:anywhere;max-width:72ch}
code,pre{font-family:var(--mono);font-size:13px}code{background:var(--panel);border-radius:5px;padding:1px 5px;overflow-wrap:anywhere}
pre{background:var(--panel);border-radius:8px;margin:12px 0 0;padding:10px 0;overflow-x:auto;line-height:1.5;max-height:480px;overflow-y:auto}
pre.log{padding:10px 14px;white-space:pre-wrap;overflow-wrap:anywhere}
.diff span{display:block;padding:0 14px;min-width:max-content}.diff .add{background:var(--add);color:var(--add-ink)}.diff .del{background:var(--del);color:var(--del-ink)}.diff .hunk{color:var(--quiet)}
ul.plain,ul.commands,ul.legend{list-style:none;padding:0;margin:8px 0}.plain li{padding:8px 0;border-top:1px solid var(--line);overflow-wrap:anywhere}.commands li{padding:5px 0}
.plain li:first-child{border-top:0}.commands code{padding:3px 7px;margin-right:6px}
.shares{display:flex;gap:2px;height:14px;border-radius:7px;overflow:hidden;margin:12px 0 6px}.share{min-width:2px}
.legend li{display:inline-block;margin-right:18px}.swatch{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:6px}
.of-baseline{background:var(--ink)}.of-kept{background:var(--green)}.of-reverted{background:#98a2b0}.of-failed{background:var(--red)}.of-running{background:var(--blue)}
svg .of-baseline,svg .of-kept,svg .of-reverted{background:none}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:14px}th{text-align:left;color:var(--quiet);font-weight:500}
th,td{padding:6px 14px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}td:nth-child(3),td:nth-child(4),th:nth-child(3),th:nth-child(4){text-align:right;white-space:nowrap}td:last-child{overflow-wrap:anywhere;min-width:180px;padding-right:0}
.is-kept td{color:var(--green);font-weight:600}.is-failed td:nth-child(2){color:var(--red)}.is-reverted td{color:var(--text)}tr:target td{background:var(--badge)}
:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
@media (max-width:640px){main{padding:20px 14px 56px}.wide{display:none}.narrow{display:block}.lead{font-size:17px}.cards{grid-template-columns:repeat(3,1fr)}.cards div{padding:9px 10px}.cards dd{font-size:17px}h2{margin-top:40px}}
@media print{main{max-width:none;padding:0}body{font-size:11pt}.card,figure,tr{break-inside:avoid}h2{break-after:avoid}pre{max-height:none;overflow:visible;white-space:pre-wrap}.diff span{min-width:0}a{color:inherit}}
`;
