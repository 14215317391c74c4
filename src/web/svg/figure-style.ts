/**
 * How figures look: one style sheet for the files on their own and for the page. Light by default and in print, dark where
 * the reader's screen is.
 */

/** The style sheet of all figures. Renderers without media queries show the light one. */
export const figureStyle = `
.fig{font-family:Inter,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
.fig .bg{fill:#ffffff}.fig text{fill:#3b434f}
.fig .title{fill:#12161c;font-weight:600}.fig .quiet{fill:#6b7480}.fig .strong{fill:#0b6b43;font-weight:600}
.fig .grid{stroke:#e6e9ee;stroke-width:1}.fig .axis{stroke:#c3c9d2;stroke-width:1}.fig .lane{fill:#f5f6f8}
.fig .best{stroke:#0f8a57;stroke-width:2.5;fill:none;stroke-linejoin:round}
.fig .kept{fill:#0f8a57;stroke:#ffffff;stroke-width:1.5}.fig .baseline{fill:#12161c;stroke:#ffffff;stroke-width:1.5}
.fig .reverted{fill:#98a2b0;fill-opacity:.75}.fig .running{fill:none;stroke:#2563c9;stroke-width:2}
.fig .beyond{fill:#98a2b0}.fig .failed{stroke:#c8372d;stroke-width:2;fill:none;stroke-linecap:round}
.fig .bar{stroke:#98a2b0;stroke-width:1;stroke-opacity:.55}.fig .bar.of-kept,.fig .bar.of-baseline{stroke:#0f8a57;stroke-width:1.5;stroke-opacity:.7}
.fig .leader{stroke:#0f8a57;stroke-opacity:.35;stroke-width:1;fill:none}
.fig .curve{fill:none;stroke-width:2;stroke-linejoin:round}.fig .s0{stroke:#12161c}.fig .s1{stroke:#0f8a57}.fig .s2{stroke:#2563c9}.fig .s3{stroke:#b45f06}.fig .s4{stroke:#8a3ffc}.fig .s5{stroke:#c2255c}
.fig a:hover circle,.fig a:focus circle{stroke:#2563c9;stroke-width:3}
@media screen and (prefers-color-scheme:dark){
.fig .bg{fill:#14171c}.fig text{fill:#c3c9d2}.fig .title{fill:#f2f4f7}.fig .quiet{fill:#8f99a7}.fig .strong{fill:#5fd3a0}
.fig .grid{stroke:#252a32}.fig .axis{stroke:#454d59}.fig .lane{fill:#1b1f26}
.fig .best{stroke:#3fbf85}.fig .kept{fill:#3fbf85;stroke:#14171c}.fig .baseline{fill:#f2f4f7;stroke:#14171c}
.fig .reverted{fill:#6d7787}.fig .running{stroke:#6ea3f5}.fig .beyond{fill:#6d7787}.fig .failed{stroke:#f0776c}
.fig .bar{stroke:#6d7787}.fig .bar.of-kept,.fig .bar.of-baseline{stroke:#3fbf85}.fig .leader{stroke:#3fbf85}
.fig .s0{stroke:#f2f4f7}.fig .s1{stroke:#3fbf85}.fig .s2{stroke:#6ea3f5}.fig .s3{stroke:#f0a35e}.fig .s4{stroke:#b99af8}.fig .s5{stroke:#f28ab2}
.fig a:hover circle,.fig a:focus circle{stroke:#6ea3f5}
}`;
