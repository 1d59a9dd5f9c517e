// What the SLA pages need beyond the one stylesheet, with a hash of its own, so that the front page does not carry it. Pure;
// used by parts/layout.tsx and headers.ts. Colours and sizes are those of style.ts.

const SCREEN = `
.back{margin-bottom:10px;font-size:.875rem}
.hero+.tiles,.notice+.tiles{margin-top:14px}.hero+.notice{margin:14px 0 0}
.tile h2{font-size:.875rem;font-weight:600;color:var(--ink)}
.tile .big .judged{font-size:1.3125rem;line-height:1.3}
.sscope,.spart,.scontract{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:16px 20px;margin-top:14px;scroll-margin-top:12px}
.sscope h3,.spart h2,.scontract h2{font-size:1.0625rem}.sscope h3 span{font-weight:400;font-size:.8125rem}
.spart h3{font-size:.875rem;margin:12px 0 4px}.spart p{font-size:.875rem;margin-top:4px}
.sscope>p{font-size:.8125rem;margin-top:8px}
.sobj{width:100%;border-collapse:collapse;font-size:.875rem;line-height:1.4;margin-top:8px}
.sobj th,.sobj td{text-align:left;vertical-align:top;font-weight:400;padding:8px 14px 6px 0;border-top:1px solid var(--line)}
.sobj thead th{font-size:.8125rem;font-weight:600;border-top:0;white-space:nowrap}
.sobj b{font-weight:600}
.sobj small,.slist small{display:block;font-size:.7813rem;line-height:1.4}
.sobj small:not(.judged),.slist small:not(.judged){color:var(--soft)}
.sobj small.judged,.slist small.judged{display:inline-flex}.sobj small.judged{font-size:.8438rem}
.sobj tbody tr:first-child>*{overflow-wrap:normal}
.sobj .proof td{border-top:0;padding:0 0 9px;color:var(--soft);font-size:.8125rem}
.slist{overflow-x:auto;margin-top:8px}
.slist table{width:100%;border-collapse:collapse;font-size:.8125rem;line-height:1.4}
.slist caption{text-align:left;font-weight:600;padding-bottom:4px;position:sticky;left:0}
.slist th,.slist td{text-align:left;vertical-align:top;font-weight:400;padding:5px 16px 5px 0;border-top:1px solid var(--line);overflow-wrap:break-word;min-width:72px}.slist .at{white-space:nowrap}.slist small:not(.judged){overflow-wrap:anywhere}.slist .judged{overflow-wrap:normal}.slist td b{white-space:nowrap}
.slist thead th{font-weight:600;color:var(--soft);border-top:0}
.slist td b{font-weight:600}
.slist td:has(small:not(.judged)){min-width:150px}
.revisions a{margin-right:10px}.revisions [aria-current]{color:var(--ink);font-weight:650;text-decoration:none}
.method h2:not(:first-child){margin-top:14px}.method p{margin-top:2px}
.sfiles{display:flex;flex-wrap:wrap;gap:4px 18px;margin-top:16px;font-size:.875rem}
.scontract h2{display:flex;gap:9px;align-items:baseline}.scontract h2 .icon{align-self:center}.scontract h2+p{font-size:.8438rem;padding-left:26px}
.scontract table{table-layout:fixed;min-width:560px}.scontract th:first-child{width:22%}.scontract th:last-child{width:30%}
.scontract dl{display:grid;grid-template-columns:repeat(4,1fr);gap:6px 20px;margin:12px 0 4px;font-size:.8125rem}
.scontract dt{color:var(--soft)}.scontract dd{margin:0;font-size:.9375rem;font-weight:600}.scontract dd .judged{font-size:.9375rem}
`;

const SIZES = `
@media screen and (max-width:51.25em){
.sobj,.sobj tbody{display:block}.sobj thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.sobj tr{display:grid;grid-template-columns:1fr 1fr;gap:8px 14px;padding:10px 0 4px;border-top:1px solid var(--line)}
.sobj th,.sobj td{border:0;padding:0}.sobj tbody th,.sobj .proof td{grid-column:1/-1}
.sobj .proof{border:0;padding:0 0 8px}
.sobj td[data-h]::before{content:attr(data-h);display:block;font-size:.75rem;color:var(--soft)}
.scontract dl{grid-template-columns:1fr 1fr}}
@media screen and (max-width:38.75em){.sscope,.spart,.scontract{padding:14px}.scontract h2+p{padding-left:0}.tile .big .judged{font-size:1rem;line-height:1.5}}
`;

const PRINT = `
@media print{.back,.sfiles,.noprint{display:none}
.tile h2{font-size:8.5pt}.tile .big .judged{font-size:11pt}
.hero+.tiles,.notice+.tiles{margin-top:5pt}.hero p.more{margin-top:3pt;max-width:none}
.sscope,.spart,.scontract{padding:6pt 8pt;margin-top:6pt;border-radius:6pt}
.sscope h3,.spart h2,.scontract h2{font-size:10.5pt;break-after:avoid}.spart h3{font-size:8.5pt;margin:5pt 0 1pt}.spart p,.sscope>p{font-size:7.5pt;margin-top:2pt}
.sobj,.slist table{font-size:7.5pt;line-height:1.25;margin-top:3pt}
.sobj th,.sobj td,.slist th,.slist td{padding:2pt 8pt 2pt 0;min-width:0}.sobj thead th,.sobj small,.slist small,.sobj small.judged{font-size:7pt;line-height:1.25}
.sobj .proof td{font-size:7pt;padding:0 0 3pt}
.slist{overflow:visible;margin-top:3pt}.slist caption{padding-bottom:1pt}.slist td:has(small:not(.judged)){min-width:0}
tr,.tile,.sobj tbody{break-inside:avoid}thead{display:table-header-group}
.scontract{break-inside:avoid}.scontract dl{margin:4pt 0 2pt;font-size:7.5pt}.scontract dd,.scontract dd .judged{font-size:8.5pt}
.method h2:not(:first-child){margin-top:5pt}}
`;

/** The second stylesheet, byte for byte as it stands in the page. */
export const SLA_STYLE = (SCREEN + SIZES + PRINT).replaceAll("\n", "");
