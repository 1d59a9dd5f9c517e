// The stylesheet of the widget, which is too small for the page's. Pure; called by widget-routes.tsx. The same colours as style.ts.

export const WIDGET_STYLE = `
:root{color-scheme:light dark;--bg:#fff;--ink:#1a1c20;--soft:#585d66;--link:#1f4fa3;--up:#1d7a48;--degraded:#8a5200;--down:#b3201b;--unmeasured:#565c66}
@media (prefers-color-scheme:dark){:root{--bg:#17191c;--ink:#ecedee;--soft:#a3a8b0;--link:#8fb4f5;--up:#63c98f;--degraded:#f0b84f;--down:#ff8a80;--unmeasured:#b2b7bf}}
body{margin:0;padding:10px 14px;background:var(--bg);color:var(--ink);font:.875rem/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;overflow-wrap:anywhere}
h1{font-size:.9375rem;line-height:1.3;margin:0;display:flex;gap:8px}ul{list-style:none;margin:6px 0 0;padding:0}p{margin:6px 0 0;font-size:.7813rem;color:var(--soft)}
a{color:var(--link)}.icon{flex:none;width:1em;height:1em;vertical-align:-.125em;margin-top:.14em}.cut{fill:none;stroke:var(--bg)}.defs{position:absolute;width:0;height:0}
.up{color:var(--up)}.degraded{color:var(--degraded)}.down{color:var(--down)}.unmeasured{color:var(--unmeasured)}
`.replaceAll("\n", "");
