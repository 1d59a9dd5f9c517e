// The second stylesheet of the pages that explain or ask: method, fleet, API, subscriptions. Pure; see style.ts.

const API = `
.api h1{font-size:1.75rem;margin-bottom:12px}.api h2{font-size:1.25rem;margin:36px 0 12px}.api h3{font-size:1.0625rem;margin-bottom:4px}
.api p{margin:6px 0}.api>ul{padding-left:20px;list-style:disc}.api li{margin-bottom:6px}
.api code{font-size:.8125rem;overflow-wrap:anywhere}
.aroute{border-top:1px solid var(--line);padding:18px 0}.asoft{color:var(--soft);font-size:.875rem}.atry{list-style:none;padding:0}
.aparams{width:100%;border-collapse:collapse;font-size:.875rem;margin:10px 0}
.aparams th,.aparams td{text-align:left;vertical-align:top;padding:5px 10px 5px 0;border-bottom:1px solid var(--line)}
`;

const SUBSCRIBE = `
.sub{max-width:74ch}.sub h1{font-size:1.75rem;margin-bottom:12px}.sub h2{font-size:1.125rem;margin:28px 0 6px}.sub p{margin:8px 0}
.sub form{margin:18px 0}.sub fieldset{border:1px solid var(--line);border-radius:10px;padding:10px 16px 12px;margin:0 0 14px;min-width:0}
.sub legend{font-weight:600;padding:0 6px}.sub fieldset label{display:inline-flex;gap:8px;align-items:baseline;margin:4px 22px 4px 0;min-height:26px}
.sub .line{display:block;font-weight:600;margin-bottom:14px}
.sub input:not([type]),.sub select{display:block;width:100%;font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--soft);border-radius:8px;padding:9px 11px;margin-top:4px}
.sub button{font:inherit;font-weight:600;color:var(--card);background:var(--link);border:1px solid var(--link);border-radius:8px;padding:10px 20px;min-height:44px;cursor:pointer}
.sub button.quiet{color:var(--down);background:none;border-color:var(--down)}
.sub input:focus-visible,.sub select:focus-visible,.sub button:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.sub ul.says{list-style:disc;padding-left:20px}.sub code{display:block;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:10px 12px;margin:6px 0;user-select:all;overflow-wrap:anywhere}
`;

const HERE = `
.here{margin-top:16px;max-width:74ch}section.here{border:1px solid var(--line);border-radius:12px;background:var(--card);padding:16px 20px}
.here h2{font-size:1.0625rem;display:flex;flex-wrap:wrap;gap:4px 9px;align-items:center;margin-bottom:6px}.here p{margin-top:6px}
.choices{display:flex;flex-wrap:wrap;gap:4px 18px}.choices a{display:inline-block;padding:4px 0}
`;

// Method and fleet: prose no wider than it is read, tables as wide as they need to be, within a frame that scrolls.
const EXPLAIN = `
.desk h1{font-size:1.75rem;margin-bottom:12px}.desk h2{font-size:1.25rem;margin:36px 0 8px;scroll-margin-top:12px}
.desk p,.desk ul,.desk dl,.toc{margin:8px 0;max-width:74ch}.desk section>ul{padding-left:20px;list-style:disc}.desk li{margin-bottom:6px}
.desk code{font-size:.8125rem;overflow-wrap:anywhere}.desk .asoft{max-width:none}
.desk dl>div{display:grid;grid-template-columns:11em minmax(0,1fr);gap:2px 16px;padding:6px 0;border-top:1px solid var(--line)}
.desk dt{font-weight:600}.desk dd{margin:0}
.desk .formula{font-variant-numeric:tabular-nums;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:8px 12px;white-space:pre-wrap}
.toc ol{columns:2;column-gap:32px;padding-left:22px;list-style:decimal}.toc li{break-inside:avoid;margin:0}.toc a{display:inline-block;padding:3px 0}
.wide{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:12px;margin:12px 0}
.wide table{width:100%;border-collapse:collapse;font-size:.8438rem;line-height:1.4}.wide caption{text-align:left;font-weight:600;padding:10px 12px 2px}
.wide th,.wide td{text-align:left;vertical-align:top;font-weight:400;padding:8px 12px;border-top:1px solid var(--line);min-width:96px;overflow-wrap:break-word}
.wide thead th,.wide tbody th{font-weight:600}.wide thead th{font-size:.7813rem;color:var(--soft)}.wide small{display:block}.wide .icon{margin-right:2px}
@media (max-width:38.75em){.desk dl>div{grid-template-columns:1fr}.toc ol{columns:1}}
@media print{.toc{display:none}.desk h1{font-size:15pt}.desk h2{font-size:11pt;margin:10pt 0 3pt;break-after:avoid}.desk dl>div,.desk li,.desk tr{break-inside:avoid}
.desk .formula{padding:2pt 5pt}.wide{overflow:visible}.wide table{font-size:7.5pt}.wide th,.wide td{min-width:0;padding:2pt 5pt}}
`;

export const DESK_STYLE = `.prose{max-width:74ch}${API}${SUBSCRIBE}${HERE}${EXPLAIN}`.replaceAll("\n", "");
