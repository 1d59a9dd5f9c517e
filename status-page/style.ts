// The one stylesheet, as a string: it stands inline in every page, so that a page is one request, and its SHA-256 is
// what the Content-Security-Policy allows. Pure; used by parts/layout.tsx and headers.ts. No `style` attribute is
// allowed anywhere. Colours: text on its ground has at least 4.5:1 in both themes; no state is told by colour alone.

import { FRONT_STYLE } from "./front-style.ts";

const THEME = `
:root{color-scheme:light dark;--bg:#fafaf8;--card:#fff;--ink:#1a1c20;--soft:#585d66;--line:#e3e3de;--link:#1f4fa3;
--up:#1d7a48;--degraded:#8a5200;--down:#b3201b;--unmeasured:#565c66;
--up-bar:#3f9d6b;--degraded-bar:#eab042;--down-bar:#b3201b;--hatch:#878d97;--hatch-bg:#f3f3f0;
--up-bg:#eff7f2;--degraded-bg:#fdf5e4;--down-bg:#fdefed;--unmeasured-bg:#f2f2f0}
@media (prefers-color-scheme:dark){:root{--bg:#101214;--card:#17191c;--ink:#ecedee;--soft:#a3a8b0;--line:#2b2e33;
--link:#8fb4f5;--up:#63c98f;--degraded:#f0b84f;--down:#ff8a80;--unmeasured:#b2b7bf;
--up-bar:#3c9465;--degraded-bar:#d99c2b;--down-bar:#f0564a;--hatch:#6d727a;--hatch-bg:#1f2226;
--up-bg:#13231a;--degraded-bg:#2a2112;--down-bg:#2e1816;--unmeasured-bg:#1d1f22}}
`;

const BASE = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:.9375rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",
"PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC",sans-serif;font-variant-numeric:tabular-nums;
overflow-wrap:anywhere}
:lang(zh){line-break:strict}
h1,h2,h3,p,ul,ol,table,figure{margin:0;padding:0}
ul,ol{list-style:none}
th,td{overflow-wrap:break-word}thead th{word-break:keep-all}
h1,h2,h3{line-height:1.25;font-weight:650;text-wrap:balance}
a{color:var(--link);text-underline-offset:.2em}
a:focus-visible,summary:focus-visible,select:focus-visible,button:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
.wrap{max-width:1080px;margin:0 auto;padding:0 24px}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip:focus{position:absolute;left:16px;top:8px;width:auto;height:auto;clip-path:none;background:var(--card);padding:8px 12px;z-index:1}
.icon{flex:none;width:1em;height:1em;vertical-align:-.125em}
.up{color:var(--up)}.degraded{color:var(--degraded)}.down{color:var(--down)}.unmeasured{color:var(--unmeasured)}
.soft{color:var(--soft)}
.cut{fill:none;stroke:var(--card)}
.defs{position:absolute;width:0;height:0}
`;

const FRAME = `
.top{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:6px 16px;padding-top:20px;padding-bottom:20px}
.brand{font-weight:650;font-size:1.0625rem;color:inherit;text-decoration:none;letter-spacing:-.01em;display:flex;gap:9px;align-items:center}
.brand svg{flex:none;width:20px;height:20px;color:var(--soft)}
.brand img{flex:none}
.ways,.langs{display:flex;flex-wrap:wrap;gap:0 16px;font-size:.875rem;white-space:nowrap}.langs{flex:none}
.ways{flex:1 1 auto;margin-left:12px}.ways a,.langs a{padding:4px 0}
.ways a{color:var(--soft);text-decoration:none}.ways a:hover{color:var(--ink);text-decoration:underline}
.ways [aria-current],.langs [aria-current]{color:var(--ink);font-weight:600}
.ways [aria-current]{box-shadow:inset 0 -2px var(--link)}.langs [aria-current]{text-decoration:none}
#live:not(.hidden){background:var(--degraded-bg);border:1px solid var(--degraded);border-radius:10px;padding:10px 16px}
#zones,#zones label{display:flex;flex-wrap:wrap;gap:6px;align-items:center}
#zones select,#zones button{font:inherit;font-size:.8125rem;color:var(--ink);background:var(--card);border:1px solid var(--hatch);border-radius:6px;padding:3px 8px;max-width:100%}
#tip{position:fixed;z-index:2;max-width:min(320px,calc(100vw - 16px));margin:0;padding:6px 10px;border-radius:8px;background:var(--ink);color:var(--bg);font-size:.8125rem;border:1px solid transparent}
#tip[hidden]{display:none}
.notice{border:1px solid var(--degraded);background:var(--degraded-bg);border-radius:10px;padding:12px 16px;margin-bottom:16px;
display:flex;gap:10px;align-items:baseline}
.hero{border:1px solid var(--line);border-radius:14px;padding:26px 28px;display:flex;gap:20px}
.hero.is-up{background:var(--up-bg)}.hero.is-degraded{background:var(--degraded-bg)}
.hero.is-down{background:var(--down-bg)}.hero.is-unmeasured{background:var(--unmeasured-bg)}
.hero>.icon{width:40px;height:40px;margin-top:1px}
.hero h1,.hero h2{font-size:clamp(1.3125rem,3.2vw,1.8125rem);letter-spacing:-.015em}
.hero .counts{display:flex;flex-wrap:wrap;gap:4px 18px;margin-top:10px;font-weight:550}
.hero .asof{color:var(--soft);font-size:.875rem;margin-top:6px}
.hero p.more{margin-top:8px;max-width:62ch}
footer{border-top:1px solid var(--line);margin-top:40px;color:var(--soft);font-size:.875rem}
footer .wrap{padding-top:18px;padding-bottom:40px;display:flex;flex-wrap:wrap;gap:6px 24px;justify-content:space-between}
`;

const TARGET = `
.head{margin:36px 0 14px;display:flex;flex-wrap:wrap;gap:2px 14px;align-items:baseline;justify-content:space-between}
.head h2{font-size:1.25rem;letter-spacing:-.01em}
.glance{display:grid;grid-template-columns:repeat(auto-fit,minmax(132px,1fr));gap:1px;background:var(--line);border:1px solid var(--line);
border-radius:12px;overflow:hidden;margin-top:14px}
.glance li{background:var(--card);display:flex}
.glance a{flex:1;padding:10px 13px 11px;color:inherit;text-decoration:none;display:block}
.glance a:hover{background:var(--bg)}
.glance a:focus-visible{outline-offset:-3px}
.glance b{display:flex;gap:7px;align-items:flex-start;font-weight:600;font-size:.875rem;line-height:1.3}
.glance b .icon{margin-top:.15em}
.glance span{display:block;font-size:.8125rem;color:var(--soft);padding-left:21px}
.meaning{font-size:.9063rem;margin:-4px 0 14px;max-width:74ch}
.tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:12px}
.tile{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:15px 17px 16px;font-size:.8125rem;line-height:1.45;color:var(--soft)}
.tile h3{font-size:.875rem;font-weight:600;color:var(--ink)}
.tile .big{font-size:1.625rem;font-weight:600;letter-spacing:-.02em;line-height:1.25;color:var(--ink);margin:3px 0 4px}
.tile .big.none{font-size:1.125rem;line-height:1.8;font-weight:500;color:var(--soft);letter-spacing:0}
.judged{display:inline-flex;gap:6px;align-items:baseline;font-weight:600}
.judged .icon{align-self:flex-start;margin-top:.28em}
.met{color:var(--up)}.breached{color:var(--down)}.undetermined,.no_data{color:var(--unmeasured)}
.region{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:18px 20px 14px;margin-top:12px;scroll-margin-top:12px}
.region>header{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 20px;align-items:baseline}
.region h3{font-size:1.0625rem;display:flex;gap:9px;align-items:baseline}
.region h3 .icon{align-self:flex-start;margin-top:.13em;width:17px;height:17px}
.region .state{font-weight:600}
.region .where{color:var(--soft);font-size:.8125rem;width:100%;padding-left:26px}
`;

const DAYS = `
.bars{overflow:hidden;margin-top:14px}
.bars svg{display:block;width:100%;height:42px}
.bars g:hover,.bars path:hover{opacity:.65}
.u{fill:var(--up-bar)}.g{fill:var(--degraded-bar)}.d{fill:var(--down-bar)}.h{fill:url(#hatch)}.n{fill:url(#hatch-none)}
.hatch-bg{fill:var(--hatch-bg)}.hatch-line{stroke:var(--hatch);stroke-width:1.7}
.o{fill:none;stroke:var(--ink);stroke-width:1.5;vector-effect:non-scaling-stroke;stroke-dasharray:2 2}
.scale{display:flex;justify-content:space-between;font-size:.75rem;color:var(--soft);margin-top:3px}
.scale .half{display:none}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;font-size:.8125rem;color:var(--soft);margin-top:14px}
.legend li{display:flex;gap:7px;align-items:center}
.legend svg{width:9px;height:24px}
p.days{margin-top:-19px;text-align:center;font-size:.75rem;line-height:1.5}
summary{cursor:pointer;color:var(--soft);font-size:.75rem;line-height:1.5;width:fit-content;margin:0 auto;padding:2px 8px}
summary:hover{color:var(--ink)}
`;

const FIGURES = `
.figures{width:100%;border-collapse:collapse;table-layout:fixed;font-size:.875rem;line-height:1.4;margin-top:12px}
.figures th,.figures td{text-align:left;vertical-align:top;padding:7px 16px 7px 0;border-top:1px solid var(--line);font-weight:400}
.figures thead th{font-weight:600;font-size:.8125rem;border-top:0;padding-bottom:5px}
.figures tbody th{color:var(--soft);font-size:.8125rem;line-height:1.5}
.figures thead th:first-child{width:15%}
.figures .main{font-weight:600}
.figures small{display:block;font-size:.7813rem;line-height:1.4}
.figures small:not(.judged){color:var(--soft)}
.figures small.judged{display:flex}
.figures.more{margin-top:6px;border-top:1px solid var(--line)}
.figures.more thead th:first-child{font-weight:600}
.figures .journey{display:flex;gap:7px;align-items:baseline;color:var(--ink)}
.figures .journey .icon{align-self:flex-start;margin-top:.3em}
.q{display:flex;flex-wrap:wrap;gap:0 14px}
.q span{white-space:nowrap}
.q b{font-weight:400;color:var(--soft);font-size:.75rem;margin-right:1px}
.q strong{font-weight:600}
.targets{border:1px solid var(--line);border-radius:12px;overflow:hidden;background:var(--line);display:grid;gap:1px}
.targets>li{background:var(--card);padding:14px 18px;display:grid;grid-template-columns:minmax(0,2.2fr) repeat(3,minmax(0,1fr));gap:4px 20px;align-items:start}
.targets h3{font-size:1rem;display:flex;gap:9px;align-items:baseline}
.targets h3 .icon{align-self:center}
.targets h3 a{color:inherit}
.targets .say{color:var(--soft);font-size:.8438rem;padding-left:25px}
.targets dl{margin:0;font-size:.8125rem}
.targets dt{color:var(--soft)}
.targets dd{margin:0;font-size:.9375rem;font-weight:600}
.targets dd small{display:block;font-weight:400;font-size:.7813rem;color:var(--soft)}
.method{margin-top:36px;border:1px solid var(--line);border-radius:12px;padding:20px 22px;font-size:.875rem;color:var(--soft)}
.method h2{font-size:1rem;color:var(--ink);margin-bottom:8px}
.method ul{columns:2;column-gap:36px}
.method li{break-inside:avoid;margin-bottom:8px}
`;

const MATRIX = `
.matrix{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:12px}
.matrix table{border-collapse:collapse;width:100%;font-size:.8125rem;line-height:1.35}
.matrix th,.matrix td{padding:8px 10px;border-top:1px solid var(--line);border-left:1px solid var(--line);text-align:left;vertical-align:top;font-weight:400;min-width:96px}
.matrix tr>:first-child{border-left:0;position:sticky;left:0;background:var(--card)}.matrix thead tr>*{border-top:0;font-weight:600}
.matrix tbody th{font-weight:600}
.matrix .pair{display:flex;gap:6px;align-items:baseline;font-weight:600}.matrix .pair .icon{align-self:flex-start;margin-top:.2em}
.matrix small{display:block;font-size:.75rem;color:var(--soft)}
.matrix .self{color:var(--soft);text-align:center}
.matrix .on-up{background-color:var(--up-bg)}.matrix .on-degraded{background-color:var(--degraded-bg)}.matrix .on-down{background-color:var(--down-bg)}
.matrix .on-unmeasured{background-color:var(--unmeasured-bg);color:var(--unmeasured)}
`;

const SIZES = `
@media screen and (max-width:51.25em){.tiles{grid-template-columns:1fr 1fr}.method ul{columns:1}
.targets>li{grid-template-columns:repeat(3,minmax(0,1fr))}.targets>li>:first-child{grid-column:1/-1}}
@media screen and (max-width:38.75em){.wrap{padding:0 14px}.top{padding:14px;gap:6px 10px}.ways{order:1;flex-basis:100%;margin:0;gap:0 14px}
.hero{padding:18px 16px;gap:13px}.hero>.icon{width:28px;height:28px}
.glance{grid-template-columns:1fr 1fr}.glance li:last-child:nth-child(odd){grid-column:1/-1}
.tiles{gap:8px}.tile{padding:12px 13px}.tile .big{font-size:1.3125rem}
.region{padding:15px 14px 12px}.region .where{padding-left:0;margin-top:2px}
.bars svg{width:200%;margin-left:-100%}.scale .full{display:none}.scale .half{display:inline}
.figures,.figures thead,.figures tbody{display:block}.figures{font-size:.8125rem}
.figures tr{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:0 10px;border-top:1px solid var(--line);padding:6px 0}
.figures th,.figures td{border:0;padding:0}.figures tbody th{grid-column:1/-1;font-size:.75rem}
.figures thead tr{border:0}.figures thead th:first-child{display:none}.figures.more thead th:first-child{display:block;grid-column:1/-1;width:auto}.figures small{font-size:.75rem}
.q{display:block}.q span{display:block}
.targets>li{padding:13px 14px;gap:8px 10px}}
`;

const PRINT = `
@media print{@page{size:A4;margin:9mm 11mm}
html{font-size:12px}:root{color-scheme:light;--up-bg:#eff7f2;--degraded-bg:#fdf5e4;--down-bg:#fdefed;--unmeasured-bg:#f2f2f0;--bg:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--link:#000;--up:#14562f;--degraded:#6b3f00;--down:#8f0f0b;--unmeasured:#444;
--up-bar:#8fc3a5;--degraded-bar:#e3c477;--down-bar:#8f0f0b;--hatch:#777;--hatch-bg:#fff}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{font-size:8.5pt;line-height:1.35}
.wrap{max-width:none;padding:0}.top{padding:0 0 3pt}.langs,.ways,#zones,#live,#tip,p.days,.skip,.rawlink{display:none}
.hero{padding:5pt 9pt;gap:10pt;border-radius:6pt}.hero>.icon{width:22pt;height:22pt}.hero h1,.hero h2{font-size:14pt}.hero .asof{font-size:7.5pt;margin-top:2pt}.hero .counts{margin-top:2pt;font-size:8pt}
.head{margin:5pt 0 2pt}.head h2{font-size:10.5pt}
.glance{display:none}
.tiles{grid-template-columns:repeat(4,1fr);gap:5pt}.tile{padding:3pt 7pt;font-size:7pt;line-height:1.25;border-radius:6pt}.tile .judged{font-size:7pt}.tile .big{font-size:13pt;margin:0}.tile h3{font-size:8.5pt}
ul:has(>.region)~.method,section:has(>.matrix){display:none}
.region{padding:2pt 6pt 1pt;margin-top:2pt;border-radius:6pt;break-inside:avoid}.region>header{gap:0 8pt;flex-wrap:nowrap}.region h3{font-size:8.5pt;gap:4pt}.region h3 .icon{width:8pt;height:8pt}
.region .state{font-size:7.5pt}.region .where{padding:0;margin:0;font-size:6.5pt;width:auto;flex:1;text-align:right}
.bars{margin-top:1pt}.bars svg{height:7pt;width:100%;margin:0}.scale,.trend{display:none}
.figures{font-size:7.5pt;line-height:1.3;margin-top:1pt}.figures th,.figures td{padding:1pt 4pt 1pt 0}.figures thead th,.figures tbody th,.figures small{font-size:6.5pt;line-height:1.3}
.figures th:not(:first-child,:last-child),.figures td:not(:last-child){display:none}
.figures:not(.more){display:block}.figures:not(.more) thead{display:none}.figures:not(.more) tbody{display:grid;grid-template-columns:16% 23% repeat(2,1fr);gap:0 6pt}
.figures:not(.more) tr{display:block}.figures:not(.more) th,.figures:not(.more) td:last-child{display:inline;border:0;padding:0 3pt 0 0;font-size:7pt;vertical-align:baseline}.figures:not(.more) th{white-space:nowrap}
.figures small,.figures small.judged{display:inline}.figures small:not(:first-child){margin-left:3pt}.figures .judged .icon{margin-right:2pt;margin-top:0}.q{display:inline}.q span{display:inline-block;margin-right:3pt}.figures:not(.more) small.judged{display:inline-block}.q b{font-size:6.5pt}
.head p{font-size:7.5pt}
.legend{font-size:7pt;margin:0;gap:0 12pt}.legend svg{height:10pt}
.method{margin-top:9pt;padding:7pt 9pt;font-size:7.5pt;line-height:1.3;break-inside:avoid}.method h2{font-size:9.5pt;margin-bottom:3pt}.method ul{columns:2}.method li{margin-bottom:3pt}
footer{margin-top:8pt;font-size:7.5pt}footer .wrap{padding:4pt 0 0}}
`;

// Whoever chose his own colours gets the system's; the charts keep theirs, on a ground that they were made for.
const CHOSEN = `
@media (forced-colors:active){.cut{stroke:Canvas}.bars svg,.legend svg{forced-color-adjust:none;background:var(--card)}
.ways [aria-current]{border-bottom:2px solid LinkText}.hero,.notice{border:2px solid CanvasText}}
@media (prefers-reduced-motion:reduce){*{animation:none;transition:none;scroll-behavior:auto}}
`;

/** The stylesheet, byte for byte as it stands in the page. */
export const STYLE = [THEME, BASE, FRAME, TARGET, DAYS, FIGURES, FRONT_STYLE, MATRIX + SIZES, CHOSEN, PRINT]
  .join("")
  .replaceAll("\n", "");
