// Rules that only the front page needs: news, the board, the trend, the way on. Pure; a part of the one stylesheet (style.ts).

export const FRONT_STYLE = `
.news{display:grid;gap:10px;margin-top:14px}
.news article{border:1px solid var(--line);border-left:4px solid var(--soft);border-radius:10px;background:var(--card);padding:13px 18px}
.news .on-down{border-left-color:var(--down)}.news .on-degraded{border-left-color:var(--degraded-bar)}.news .on-up{border-left-color:var(--up)}
.news h2{font-size:1rem;display:flex;gap:8px;align-items:baseline;flex-wrap:wrap;margin-bottom:3px}
.news h2 .icon{align-self:center}.news p.soft::first-letter{text-transform:uppercase}
.news blockquote{margin:8px 0 0;padding-left:12px;border-left:2px solid var(--line)}
.board .scroll{overflow-x:auto;border:1px solid var(--line);border-radius:12px;background:var(--card);margin-top:10px}
.board table{border-collapse:collapse;width:100%;min-width:900px;table-layout:fixed;font-size:.8438rem}
.board caption{text-align:left;padding:12px 16px;display:table-caption;font-size:.875rem}
.board th:first-child{width:15%}.board th:nth-child(2){width:13%}.board th:nth-child(3){width:24%}.board th:last-child{width:20%}
.board caption .judged,.board caption a{margin:0 8px}
.board th,.board td{text-align:left;vertical-align:top;padding:8px 10px;border-top:1px solid var(--line);font-weight:400}
.board thead th{color:var(--soft);font-size:.7813rem}.board tbody th{font-weight:600;word-break:keep-all}.board caption .judged{white-space:nowrap}.board th:first-child{padding-left:16px}
.board small:not(.judged){display:block;color:var(--soft);font-size:.7813rem}
.trend{display:flex;gap:12px;align-items:center;margin-top:8px;font-size:.7813rem;color:var(--soft)}
.trend svg{flex:none;width:150px;height:26px}.trend b{font-weight:550}
.trend path{fill:none;stroke:var(--ink);stroke-width:1.2;vector-effect:non-scaling-stroke}
.trend .limit{stroke:var(--soft);stroke-dasharray:3 3}.trend circle,.trend .over{fill:var(--ink);stroke:none}
.matrix .h1,.matrix .h2,.matrix .h3,.matrix .h4{background-image:linear-gradient(var(--hatch),var(--hatch));background-repeat:no-repeat;background-position:left bottom}
.matrix .h1{background-size:25% 3px}.matrix .h2{background-size:50% 3px}.matrix .h3{background-size:75% 4px}.matrix .h4{background-size:100% 5px}
.past li{padding:5px 0;border-top:1px solid var(--line)}.past time{font-variant-numeric:tabular-nums;color:var(--soft);margin-right:8px}
.onward{margin-top:14px}.onward a{font-weight:600}
@media screen and (max-width:38.75em){.trend{flex-wrap:wrap}.news article{padding:12px 14px}}
@media print{.news,.board,.past{font-size:8pt}.news{gap:4pt;margin-top:5pt}.news article{padding:3pt 8pt;border-radius:6pt}.news h2{font-size:9pt;margin:0}.news article>p,.news h2{line-height:1.35}.news article>p{display:inline;margin-right:6pt}
.board .scroll{overflow:visible;border-radius:6pt;margin-top:4pt}.board table{min-width:0;font-size:7pt;line-height:1.25;table-layout:auto}.board th:nth-child(n){width:auto}.board caption{padding:3pt 8pt;font-size:7.5pt}.board th,.board td{padding:1.5pt 6pt}
.board thead th{font-size:6.5pt}.board small:not(.judged){display:inline;margin-left:5pt;font-size:6.5pt}.board .judged{font-size:7pt}
.onward{display:none}.past li{padding:1pt 0}}
`;
