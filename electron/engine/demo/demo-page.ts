/** The demo's two HTML pages: an index of what there is to try, and an ordinary page. */

/** path, what it shows */
const INDEX: readonly (readonly [path: string, what: string])[] = [
  ['/products', '24 products, 8 a page: <code>?page=2</code>, <code>?category=spices</code>'],
  ['/products/1', 'one product, fresh for a minute by its own word'],
  ['/users', '8 users, without any word about caching'],
  ['/users/3/orders', 'orders of one user, <code>private</code>'],
  ['/orders', '12 orders, <code>no-store</code>'],
  ['/time', 'the time: it stands still while the answer comes from the larder'],
  ['/etag', 'has an ETag and must be validated; an unchanged one costs a 304'],
  ['/greeting', '<code>Vary: Accept-Language</code>: one stored response a language'],
  ['/slow', 'takes two seconds'],
  ['/image.png', 'a picture; also <a href="/image.svg">as SVG</a>'],
  ['/page', 'an HTML page'],
  ['/events', 'server-sent events, one a second, never stored'],
  ['/cart', 'GET shows it, <code>POST {"productId": 3}</code> adds to it and invalidates what is stored'],
  ['/status/404', 'any status from 200 to 599'],
];

const STYLE = `:root{color-scheme:light dark}
body{font:15px/1.6 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1.5rem}
h1{font-size:1.4rem;display:flex;gap:.6rem;align-items:center}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1.5rem}
dd{margin:0}
code,pre,dt{font:13px/1.7 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{padding:.75rem 1rem;border:1px solid #8884;border-radius:6px;overflow:auto}`;

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>
${STYLE}
</style>
</head>
<body>
${body}
</body>
</html>
`;
}

export function indexPage(): string {
  const rows = INDEX.map(([path, what]) => `<dt><a href="${path}">${path}</a></dt><dd>${what}</dd>`);
  return page(
    'Larder demo API',
    `<h1><img src="/image.svg" width="32" height="32" alt="">Larder demo API</h1>
<p>A small pantry shop, built into Larder, for trying it out without a network. Every answer takes 300 ms.
Ask for anything twice: the second answer comes from the larder.</p>
<dl>
${rows.join('\n')}
</dl>
<p><code>POST /echo</code> answers with what it was sent. Your own API is next: set it as the origin.</p>`,
  );
}

export function plainPage(): string {
  return page(
    'A page',
    `<h1>What a larder is for</h1>
<p><img src="/image.png" width="48" height="48" alt="A jar"> A larder is a cool place where food is kept
until it is wanted. This page is kept for as long as the TTL says.</p>
<p><a href="/">Back to the index</a></p>`,
  );
}
