// What the pages of incidents need beyond the one stylesheet, with a hash of its own, so that the front page does not carry it.
// Pure; used by parts/layout.tsx and headers.ts. Colours and sizes are those of style.ts.

const SCREEN = `
.back{margin-bottom:10px;font-size:.875rem}
.merged{color:var(--soft)}
.imonth{font-size:1.25rem;letter-spacing:-.01em;margin:30px 0 12px}
.ilist>li{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:15px 20px 14px;margin-top:10px}
.ilist h3{font-size:1.0625rem;display:flex;gap:9px;align-items:baseline}.ilist h3 .icon{align-self:flex-start;margin-top:.15em}
.ilist h3 a{color:inherit}
.iline{font-size:.875rem;margin-top:5px}.iline>:not(:first-child)::before{content:" · ";color:var(--soft);font-weight:400}
.ilist p{margin-top:5px}
.isoft{font-size:.8438rem;color:var(--soft)}
.imerged{margin:10px 0 2px;padding-left:14px;border-left:3px solid var(--line);font-size:.8438rem;line-height:1.45}.imerged li+li{margin-top:6px}.imerged small{display:block;font-size:.8125rem;color:var(--soft)}
.ipages{display:flex;gap:20px;margin-top:20px}
.ibox{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:16px 20px;margin-top:14px}
.ibox h2{font-size:1.0625rem;display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:0 14px}.ibox h2 small{font-size:.8125rem;font-weight:400;color:var(--soft)}
.ibox h3{font-size:.875rem;margin-top:14px}
.ibox p{margin-top:8px}
.itimes{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:12px 22px;margin:12px 0 0;font-size:.8125rem;line-height:1.4}
.itimes dt{color:var(--soft)}.itimes dd{margin:0}.itimes b{display:block;font-size:.9375rem;font-weight:600}.itimes dd span{color:var(--soft)}
.itimes .none{font-size:.9375rem;color:var(--ink)}
.iboth{display:grid;grid-template-columns:1fr 1fr;gap:14px;align-items:start}.iboth>*{min-width:0}
.itable{width:100%;border-collapse:collapse;font-size:.875rem;line-height:1.4;margin-top:10px}
.itable th,.itable td{text-align:left;vertical-align:top;font-weight:400;padding:6px 14px 6px 0;border-top:1px solid var(--line)}
.itable thead th{font-weight:600;font-size:.8125rem;color:var(--soft);border-top:0}
.itable tbody th,.itable tbody td{overflow-wrap:anywhere}.itable tbody th{font-weight:600}
.itable small{display:block;font-size:.8125rem;color:var(--soft)}
.iline-at{white-space:nowrap;width:1%}.iline-who{white-space:nowrap;width:1%}
.istate{display:inline-flex;gap:6px;align-items:baseline;white-space:nowrap}.istate .icon{align-self:center}
.isaid{margin-top:12px;border-top:1px solid var(--line);padding-top:10px}.isaid h3{margin-top:0}.isaid h3+small{color:var(--soft);font-size:.8125rem}
.itext{margin-top:6px}.itext li p{margin-top:2px}.isoft+.itext{margin-top:12px}.itext h3,.itext h4,.itext h5,.itext h6{font-size:.9375rem;line-height:1.25;margin:14px 0 0}
.itext>:first-child{margin-top:0}.itext ul,.itext ol{padding-left:22px}.itext ul{list-style:disc}.itext ol{list-style:decimal}
.itext pre{overflow-x:auto;background:var(--bg);border:1px solid var(--line);border-radius:8px;padding:10px 12px;margin-bottom:0;font-size:.8125rem}
.itext code{font-size:.92em}
.itext blockquote{margin:8px 0 0;padding-left:14px;border-left:3px solid var(--line);color:var(--soft)}
.ibox.post .itext{max-width:74ch}
.method{margin-top:24px}
`;

const SIZES = `
@media screen and (max-width:51.25em){.itimes{grid-template-columns:1fr 1fr}.iboth{grid-template-columns:minmax(0,1fr);gap:0}}
@media screen and (max-width:38.75em){.ibox,.ilist>li{padding:14px}
.itimes{gap:12px 14px}
.itable.lines,.itable.lines tbody{display:block}.itable.lines thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.itable.lines tr{display:grid;grid-template-columns:1fr auto;gap:0 12px;border-top:1px solid var(--line);padding:7px 0}.itable.lines th,.itable.lines td{border:0;padding:0;width:auto}
.itable.lines .iline-at{grid-row:1}.itable.lines .iline-who{grid-row:1;grid-column:2;font-size:.8125rem;color:var(--soft)}.itable.lines .iline-what,.itable.lines [colspan]{grid-column:1/-1}}
@media screen and (max-width:25em){.itimes{grid-template-columns:1fr}}
`;

const PRINT = `
@media print{.back,.ipages{display:none}
.imonth{font-size:11pt;margin:9pt 0 4pt;break-after:avoid}
.ilist>li,.ibox{padding:6pt 8pt;margin-top:5pt;border-radius:6pt}.ilist>li{break-inside:avoid}
.ilist h3,.ibox h2{font-size:10.5pt;break-after:avoid}.ibox h3{font-size:8.5pt;margin-top:4pt;break-after:avoid}
.iline,.isoft,.imerged,.imerged small,.ibox h2 small,.itable,.itable small,.itable thead th{font-size:7.5pt;line-height:1.3}
.ilist p,.ibox p,.iline{margin-top:2pt}
.itimes{gap:4pt 10pt;font-size:7.5pt;margin-top:4pt}.itimes b,.itimes .none{font-size:8.5pt}
.iboth{gap:6pt}.itable{margin-top:3pt}.itable th,.itable td{padding:2pt 8pt 2pt 0}
.isaid{margin-top:4pt;padding-top:3pt}.isaid h3{margin-top:0}.isaid h3+small{font-size:7.5pt}.itext h3,.itext h4,.itext h5,.itext h6{font-size:8.5pt;margin-top:5pt}.itext{margin-top:2pt}.itext pre{white-space:pre-wrap;overflow:visible;font-size:7.5pt}
tr,.isaid{break-inside:avoid}thead{display:table-header-group}}
`;

/** The second stylesheet of these pages, byte for byte as it stands in them. */
export const INCIDENT_STYLE = (SCREEN + SIZES + PRINT).replaceAll("\n", "");
