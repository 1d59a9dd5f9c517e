// The little script of every page, as a string: it stands inline, and its SHA-256 is what the policy allows. Pure; used by
// parts/layout.tsx and headers.ts. It only adds: a page without it loses nothing. It loads nothing but its own address, keeps nothing
// in the browser, and is below two kilobytes. What it says comes from the page, in its language, as data-* of #live and #zones.

/**
 * Asks for the same address each half minute while somebody looks, and changes only what differs, so that focus, open details and
 * scrolled tables stay. Nodes are the same by their id, else by element and first class. The sentence is said only when it is another
 * one; after two failures in a row the page says that it is old. A page on which somebody may be writing is left alone.
 */
const LIVE = `
let d=document,$=(s,x=d)=>x.querySelector(s),L=$("#live"),E="",N=0,
on=(t,f,c)=>d.addEventListener(t,f,c),
K=n=>n.nodeName+(n.id||n.classList?.[0]),
F=(a,b)=>{
if(a.nodeType!=1){if(a.data!=b.data)a.data=b.data;return}
for(let{name:x}of[...a.attributes])x!="open"&&!b.hasAttribute(x)&&a.removeAttribute(x);
for(let{name:x,value:v}of b.attributes)a.getAttribute(x)!=v&&a.setAttribute(x,v);
let c=a.firstChild,o,x,cut=()=>{x=c.nextSibling;c.remove();c=x};
for(let n of[...b.childNodes]){
for(o=c;o&&K(o)!=K(n);)o=o.nextSibling;
if(o){while(c!=o)cut();c=o.nextSibling;F(o,n)}else a.insertBefore(n,c)}
while(c)cut()},
S=(t,c)=>{L.className=c;if(L.textContent!=t)L.textContent=t},
U=async()=>{
let m=$("main");
if(d.hidden||$("form",m))return;
try{
let r=await fetch(location,{headers:{"if-none-match":E},cache:"no-store"}),t="";
if(r.status!=304){
if(!r.ok)throw 0;
let p=new DOMParser().parseFromString(await r.text(),"text/html"),n=$("main",p),h=x=>$("h1",x)?.textContent,i="[rel=icon]";
if(h(m)!=h(n))t=h(n);
F(m,n);E=r.headers.get("etag");d.title=p.title;
$(i).href=$(i,p).href}
N=0;S(t,"hidden")
}catch{++N>1&&S(L.dataset.lost,"wrap")}};
if(L){setInterval(U,3e4);on("visibilitychange",U)}
`;

/** Offers the browser's own zone, once: where the address has none. */
const ZONE = `
let f=$("#zones"),z=Intl.DateTimeFormat().resolvedOptions().timeZone,q=new URL(location).searchParams,Z="zone";
if(f&&z!=f.dataset.zone&&!q.has(Z)){
let b=d.createElement("button");b.type="button";b.textContent=f.dataset.offer.replace("{}",z);
b.onclick=()=>{q.set(Z,z);location.search=q};f.append(b)}
`;

/** Shows what an element has in data-tip, to the pointer and to the keyboard; Escape closes it, and it may itself be pointed at. */
const TIPS = `
let p=d.createElement("p"),off=()=>p.hidden=true;
p.id="tip";p.role="tooltip";off();d.body.append(p);
for(let k of["pointerover","focusin"])on(k,({target:e})=>{
let t=e.closest("[data-tip],#tip"),s=p.style;
if(t==p)return;
if(!t)return off();
p.textContent=t.dataset.tip;p.hidden=false;t.setAttribute("aria-describedby","tip");
let r=t.getBoundingClientRect(),y=r.bottom,h=p.offsetHeight;
s.left=Math.max(8,Math.min(r.left,innerWidth-p.offsetWidth-8))+"px";
s.top=(y+h>innerHeight?r.top-h:y)+"px"});
for(let k of["focusout","scroll"])on(k,off,true);
on("keydown",e=>e.key=="Escape"&&off())
`;

/** The script, byte for byte as it stands in the page. */
export const SCRIPT = `{${[LIVE, ZONE, TIPS].join(";").replaceAll("\n", "")}}`;
