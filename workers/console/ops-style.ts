// The console's one stylesheet, as a string: inline in every page, allowed by its SHA-256. Pure; used by layout and headers.
// Text on its ground has at least 4.5:1 in both themes, fields have a border of 3:1, and nothing is told by colour alone.

const STYLE = `
:root{color-scheme:light dark;--bg:#fafaf8;--card:#fff;--ink:#1a1c20;--soft:#585d66;--line:#e3e3de;--edge:#7d828b;--link:#1f4fa3;--bad:#b3201b;--bad-bg:#fdefed;--good-bg:#eff7f2;--good:#1d7a48;--on:#fff}
@media (prefers-color-scheme:dark){:root{--bg:#101214;--card:#17191c;--ink:#ecedee;--soft:#a3a8b0;--line:#2b2e33;--edge:#7d828b;--link:#8fb4f5;--bad:#ff8a80;--bad-bg:#2e1816;--good-bg:#13231a;--good:#63c98f;--on:#101214}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
h1,h2,h3,p,ul,dl,dd,fieldset{margin:0;padding:0}
ul{list-style:none}
h1{font-size:26px;line-height:1.25;margin:8px 0 16px}
h2{font-size:19px;line-height:1.3;margin:28px 0 10px}
h3,.card h2{font-size:16px;line-height:1.35;margin:0}
a{color:var(--link);text-underline-offset:.2em}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
.wrap{max-width:860px;margin:0 auto;padding:0 20px}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip:focus{left:16px;top:8px;width:auto;height:auto;clip-path:none;background:var(--card);padding:8px 12px;z-index:1}
header{border-bottom:1px solid var(--line);background:var(--card)}
header .wrap{display:flex;flex-wrap:wrap;gap:2px 20px;align-items:baseline;padding-top:10px;padding-bottom:10px}
header b{font-size:17px}
nav ul{display:flex;flex-wrap:wrap;gap:0 18px}
nav a{display:inline-block;padding:6px 0}
nav [aria-current]{color:var(--ink);font-weight:650;text-decoration:none}
.who{margin-left:auto;color:var(--soft);font-size:14px}
main.wrap{padding-top:16px;padding-bottom:60px}
.soft{color:var(--soft);font-size:14px}
.card,details{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 16px;margin-top:10px}
.card>p,.card>ul,.card>dl{margin-top:4px}
.card:target{border-color:var(--link)}
.gone :is(h2,h3){text-decoration:line-through;font-weight:400}
.bad{color:var(--bad);font-weight:600}.good{color:var(--good);font-weight:600}
.notice{border:1px solid var(--good);background:var(--good-bg);border-radius:10px;padding:10px 16px;margin-bottom:14px}
.problems{border:2px solid var(--bad);background:var(--bad-bg);border-radius:10px;padding:12px 16px;margin-bottom:16px}
.problems h2{margin:0 0 4px}
.problems ul{list-style:disc;padding-left:20px}
.rows>li{display:flex;flex-wrap:wrap;gap:0 14px;padding:5px 0;border-top:1px solid var(--line);font-size:15px}
.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:2px 14px;font-size:15px}
.facts dt{color:var(--soft)}
.more{margin-top:12px}
.unsure{color:var(--soft);font-weight:600}
.mark{display:inline-block;min-width:1.3em;font-weight:700}
table{width:100%;border-collapse:collapse;margin-top:12px;background:var(--card);border:1px solid var(--line);font-size:15px}
th,td{text-align:left;vertical-align:top;padding:8px 10px;border-top:1px solid var(--line)}
summary{cursor:pointer;font-weight:600;color:var(--link);min-height:32px;line-height:32px}
form{margin-top:8px}
fieldset{border:0;min-width:0}
legend{padding:0}
.field{margin-top:16px}
label,legend{display:block;font-weight:600}
.hint{color:var(--soft);font-size:14px}
.wrong{color:var(--bad);font-size:15px;font-weight:600}
input:not([type=checkbox]),select,textarea{font:inherit;color:inherit;background:var(--card);border:1px solid var(--edge);border-radius:6px;padding:9px 10px;min-height:44px;width:100%;max-width:100%;min-width:0;margin-top:4px}
[aria-invalid=true]{border:2px solid var(--bad)!important}
.pair{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:4px 12px}
.pair label{font-weight:400;font-size:14px;color:var(--soft)}
.checks{display:grid;grid-template-columns:repeat(auto-fill,minmax(190px,1fr));gap:0 14px}
.checks label{font-weight:400;display:flex;gap:9px;align-items:center;min-height:40px}
.checks input{width:20px;height:20px;flex:none}
button{font:inherit;font-weight:650;color:var(--on);background:var(--link);border:0;border-radius:6px;padding:10px 20px;min-height:44px;margin-top:20px;cursor:pointer}
.buttons{display:flex;flex-wrap:wrap;gap:0 14px}
.second{background:var(--card);color:var(--link);border:1px solid var(--link)}
textarea{display:block;resize:vertical}
.checks.one{display:block}
.filter{display:grid;grid-template-columns:repeat(2,minmax(0,1fr)) max-content;gap:0 14px;align-items:end}
.filter .field{margin-top:10px}
.timeline{list-style:none;margin:0;padding:0}
.timeline>li{border-top:1px solid var(--line);padding:8px 0}
.receipts{flex-basis:100%;color:var(--soft);font-size:14px;padding-left:14px}
.note{white-space:pre-line;border-left:3px solid var(--line);padding-left:12px;margin-top:4px}
.prose{margin-top:8px;border-left:3px solid var(--line);padding-left:14px}
.prose p,.prose ul,.prose ol,.prose pre,.prose blockquote{margin:8px 0 0}
.prose ul{list-style:disc;padding-left:22px}
.prose ol{padding-left:22px}
.prose blockquote{padding-left:14px;border-left:3px solid var(--line);color:var(--soft)}
.prose pre{overflow-x:auto;background:var(--bg);border:1px solid var(--line);border-radius:6px;padding:8px 10px}
.prose :is(h3,h4,h5,h6){font-size:16px;margin:12px 0 0}
code{font-size:.92em}
footer{border-top:1px solid var(--line);font-size:14px}
footer .wrap{padding-top:14px;padding-bottom:30px}
@media (max-width:620px){.wrap{padding:0 14px}.who{margin-left:0;width:100%}.pair{grid-template-columns:minmax(0,1fr)}.facts{grid-template-columns:minmax(0,1fr);gap:0}.facts dd{margin-bottom:4px}.filter{grid-template-columns:minmax(0,1fr)}button{width:100%}}
@media (forced-colors:active){button{border:1px solid}}
`;

/** The stylesheet, byte for byte as it stands in the page. */
export const OPS_STYLE = STYLE.replaceAll("\n", "");
