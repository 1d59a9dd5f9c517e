// The second stylesheet of the pages with charts and history: regions, days, months. Pure; see style.ts. Printed in grey, charts keep
// their meaning: lines differ by dashes, states by height and pattern.

const CHARTS = `
.chart{display:block;width:100%;height:auto;margin-top:8px;background:var(--card);border:1px solid var(--line);border-radius:10px}
.chart text{font-size:11px;fill:var(--soft)}.c-end{text-anchor:end}.c-mid{text-anchor:middle}.chart .c-strong{fill:var(--ink);font-weight:600}
.c-grid{stroke:var(--line);fill:none}.c-band{fill:var(--link);opacity:.18}
.c-p50,.c-p95,.c-p99{fill:none;stroke:var(--link);stroke-width:1.6;stroke-linejoin:round}.c-p50{stroke-width:2.6}.c-p95{stroke-dasharray:5 3}
.c-limit{stroke:var(--ink);stroke-width:1.3;stroke-dasharray:2 3;fill:none}.c-over{fill:var(--down)}.c-dot{fill:var(--link)}
.c-touch{fill:transparent}.chart g:hover .c-touch{fill:var(--ink);opacity:.07}.band .h{opacity:.6}
.plot{overflow-x:auto}
@media screen and (max-width:40em){.plot .chart{min-width:560px}.plot .chart text{font-size:14px}}
`;

const PAGE = `
.past h2{font-size:1.25rem;margin:32px 0 6px;letter-spacing:-.01em}.past h3{font-size:1rem;margin:22px 0 2px}
.past .soft{max-width:74ch}.past .hero{margin-top:12px}.past .hero h2{margin:0}
.steps{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:.875rem;margin:14px 0}
.sums{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(150px,100%),1fr));gap:12px;margin-top:12px}
.sums>div{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:13px 16px;font-size:.8125rem;line-height:1.45}
.sums dt{font-weight:600;font-size:.875rem}.sums dd{margin:0}.sums .big{font-size:1.375rem;font-weight:600;letter-spacing:-.02em}
.sums small{display:block;color:var(--soft);font-size:.7813rem}
.past .scroll{overflow:auto;max-height:480px;border-top:1px solid var(--line);margin-top:8px}
.past table{width:100%;border-collapse:collapse;font-size:.8125rem}
.past th,.past td{text-align:right;font-weight:400;padding:4px 10px;border-bottom:1px solid var(--line);vertical-align:top}
.past th:first-child,.past td:first-child{text-align:left;padding-left:0;white-space:nowrap}
.past td{min-width:7.5em}.past thead th{white-space:nowrap}.past details details td{min-width:3.5em}.past thead th{font-weight:600;color:var(--soft)}.past td small{display:block;color:var(--soft);font-size:.75rem}
.past details{margin-top:8px;font-size:.8125rem}.past details details{margin-left:14px}.past summary{margin:0}
.key{display:flex;flex-wrap:wrap;gap:4px 20px;font-size:.8125rem;color:var(--soft);margin-top:8px}
.key li{display:flex;gap:7px;align-items:center}.key svg{width:26px;height:12px;flex:none}
.list{margin-top:8px;font-size:.875rem;display:grid;gap:4px}
@media screen and (max-width:38.75em){.sums .big{font-size:1.0625rem}}
@media print{.past details>*{display:block}.chart{break-inside:avoid}}
`;

export const HISTORY_STYLE = (CHARTS + PAGE).replaceAll("\n", "");
