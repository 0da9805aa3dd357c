/** The demo API's routes: which method and path gives which reply. */
import { DemoCart } from './demo-cart';
import { GREETINGS, ORDERS, PRODUCTS, USERS } from './demo-data';
import { JAR_PNG, JAR_SVG } from './demo-images';
import { indexPage, plainPage } from './demo-page';
import type { DemoReply, DemoRequest } from './demo-reply';
import { html, json, problem, withETag } from './demo-reply';

export const PAGE_SIZE = 8;
const SLOW_MS = 2000;
const WITHOUT_BODY: readonly number[] = [204, 205, 304];

type Answer = (request: DemoRequest) => DemoReply;

export interface DemoRoute {
  readonly path: RegExp;
  /** HEAD comes with GET. */
  readonly methods: Readonly<Record<string, Answer>>;
  /** Instead of the usual latency. */
  readonly latencyMs?: number;
}

const FRESH_FOR_A_MINUTE = { 'Cache-Control': 'public, max-age=60' };
const FRESH_FOR_AN_HOUR = { 'Cache-Control': 'public, max-age=3600' };

function found<T extends { readonly id: number }>(all: readonly T[], request: DemoRequest): T | undefined {
  return all.find(({ id }) => String(id) === request.captured[0]);
}

function listProducts({ url }: DemoRequest): DemoReply {
  const category = url.searchParams.get('category');
  const matching = category === null ? PRODUCTS : PRODUCTS.filter((product) => product.category === category);
  const pages = Math.max(1, Math.ceil(matching.length / PAGE_SIZE));
  const wanted = url.searchParams.get('page') ?? '1';
  const page = /^\d{1,4}$/.test(wanted) ? Number(wanted) : 0;
  if (page < 1 || page > pages) return problem(404, `There are pages 1 to ${pages}`);
  const products = matching.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
  return json({ page, pages, total: matching.length, products }, FRESH_FOR_A_MINUTE);
}

function oneProduct(request: DemoRequest): DemoReply {
  const product = found(PRODUCTS, request);
  if (product === undefined) return problem(404, `There are products 1 to ${PRODUCTS.length}`);
  return withETag(json(product, FRESH_FOR_A_MINUTE), request);
}

function oneUser(request: DemoRequest): DemoReply {
  const user = found(USERS, request);
  return user === undefined ? problem(404, `There are users 1 to ${USERS.length}`) : json(user);
}

function ordersOfUser(request: DemoRequest): DemoReply {
  const user = found(USERS, request);
  if (user === undefined) return problem(404, `There are users 1 to ${USERS.length}`);
  const orders = ORDERS.filter(({ userId }) => userId === user.id);
  return json({ orders }, { 'Cache-Control': 'private, max-age=30' });
}

function oneOrder(request: DemoRequest): DemoReply {
  const order = found(ORDERS, request);
  const numbers = `${ORDERS[0]?.id ?? 0} to ${ORDERS.at(-1)?.id ?? 0}`;
  if (order === undefined) return problem(404, `There are orders ${numbers}`);
  return json(order, { 'Cache-Control': 'no-store' });
}

/** The first language asked for that there is a greeting in; weights are not compared, people list them in order. */
function greeting(request: DemoRequest): DemoReply {
  const accepted = String(request.fields['accept-language'] ?? '')
    .split(',')
    .map((range) => (range.split(';')[0] ?? '').trim().toLowerCase().split('-')[0] ?? '');
  const language = accepted.find((tag) => Object.hasOwn(GREETINGS, tag)) ?? 'en';
  return json(
    { language, greeting: GREETINGS[language] },
    { Vary: 'Accept-Language', 'Content-Language': language },
  );
}

function echo({ method, url, fields, body }: DemoRequest): DemoReply {
  return json({ method, target: `${url.pathname}${url.search}`, fields, body });
}

function anyStatus({ captured }: DemoRequest): DemoReply {
  const status = Number(captured[0]);
  if (status < 200 || status > 599) return problem(404, 'There are statuses 200 to 599');
  if (WITHOUT_BODY.includes(status)) return { status, fields: {}, body: '' };
  const location: Record<string, string> = status >= 301 && status <= 308 ? { Location: '/' } : {};
  return json({ status }, location, status);
}

const image = (type: string, body: string | Uint8Array): DemoRoute['methods'] => ({
  GET: (request) =>
    withETag({ status: 200, fields: { 'Content-Type': type, ...FRESH_FOR_AN_HOUR }, body }, request),
});

const LARDER_RULES = {
  rules: ['Oldest to the front', 'Label everything', 'Throw away what has gone off'],
};

/** Routes of one demo API; each has a cart of its own. */
export function demoRoutes(): readonly DemoRoute[] {
  const cart = new DemoCart();
  return [
    { path: /^\/$/, methods: { GET: () => html(indexPage()) } },
    { path: /^\/products$/, methods: { GET: listProducts } },
    { path: /^\/products\/(\d+)$/, methods: { GET: oneProduct } },
    { path: /^\/users$/, methods: { GET: () => json({ users: USERS }) } },
    { path: /^\/users\/(\d+)$/, methods: { GET: oneUser } },
    { path: /^\/users\/(\d+)\/orders$/, methods: { GET: ordersOfUser } },
    { path: /^\/orders$/, methods: { GET: () => json({ orders: ORDERS }, { 'Cache-Control': 'no-store' }) } },
    { path: /^\/orders\/(\d+)$/, methods: { GET: oneOrder } },
    { path: /^\/time$/, methods: { GET: () => json({ now: new Date().toISOString() }) } },
    {
      path: /^\/etag$/,
      methods: { GET: (request) => withETag(json(LARDER_RULES, { 'Cache-Control': 'no-cache' }), request) },
    },
    { path: /^\/greeting$/, methods: { GET: greeting } },
    { path: /^\/slow$/, methods: { GET: () => json({ tookMs: SLOW_MS }) }, latencyMs: SLOW_MS },
    { path: /^\/image\.png$/, methods: image('image/png', JAR_PNG) },
    { path: /^\/image\.svg$/, methods: image('image/svg+xml', JAR_SVG) },
    { path: /^\/page$/, methods: { GET: () => html(plainPage()) } },
    {
      path: /^\/cart$/,
      methods: { GET: () => cart.show(), POST: (request) => cart.add(request), DELETE: () => cart.empty() },
    },
    { path: /^\/echo$/, methods: { POST: echo, PUT: echo, PATCH: echo, DELETE: echo } },
    { path: /^\/status\/(\d{3})$/, methods: { GET: anyStatus } },
  ];
}
