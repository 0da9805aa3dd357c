/** An origin with the traffic of a small shop, for the pictures: every outcome occurs once. */
import { content, startOrigin, type RecordingOrigin } from './recording-origin';
import { fetchInTime } from './fetch-in-time';

const json = (value: unknown, fields: Record<string, string> = {}) =>
  content('application/json; charset=utf-8', JSON.stringify(value), fields);

const NAMES = [
  'Plum jam',
  'Rye flour',
  'Smoked salt',
  'Pickled beets',
  'Quince jelly',
  'Wild honey',
  'Damson cheese',
  'Oat flakes',
  'Rose hip syrup',
  'Caraway',
  'Dried pears',
  'Horseradish',
];

/** A page of them is long enough to be kept compressed. */
const PRODUCTS = NAMES.map((name, index) => ({
  id: 1007 + index * 11,
  name,
  price: { amount: 420 + index * 135, currency: 'EUR' },
  stock: 36 - index * 3,
  tags: index % 2 === 0 ? ['sweet', 'jar'] : ['savoury'],
  organic: index % 2 === 0,
}));

const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="#2c5cc5"/><path d="M20 18h24v6H20zm2 9h20v22a4 4 0 0 1-4 4H26a4 4 0 0 1-4-4z" fill="#fff"/></svg>`;

export async function startShop(): Promise<RecordingOrigin> {
  const shop = await startOrigin();
  const slow = (ms: number, answer: ReturnType<typeof json>): ReturnType<typeof json> => {
    return (request, response) => void setTimeout(() => answer(request, response), ms);
  };
  shop.answer(
    '/v2/products',
    slow(184, json({ page: 1, total: 142, products: PRODUCTS }, { etag: '"p-142"' })),
  );
  shop.answer('/v2/products/1007', slow(96, json(PRODUCTS[0], { etag: '"1007-3"' })));
  shop.answer('/v2/categories', slow(71, json(['sweet', 'savoury', 'dry', 'drinks'])));
  shop.answer('/v2/me', slow(58, json({ id: 7, name: 'Ada', basket: 3 })));
  shop.answer(
    '/v2/cart/items',
    slow(122, (_request, response) => void response.writeHead(201).end('{"items":1}')),
  );
  shop.answer(
    '/v2/reviews',
    slow(240, (_request, response) => void response.writeHead(404).end('{"error":"not found"}')),
  );
  shop.answer(
    '/img/logo.svg',
    slow(33, content('image/svg+xml', LOGO, { 'cache-control': 'max-age=86400' })),
  );
  return shop;
}

/** What a page that is being worked on asks for while it is reloaded a few times. */
export async function browseShop(proxy: string): Promise<void> {
  const get = async (path: string, headers: Record<string, string> = {}) => {
    await (await fetchInTime(proxy + path, { headers })).arrayBuffer();
  };
  const page = ['/v2/categories', '/v2/products?page=1', '/img/logo.svg', '/v2/products/1007'];
  for (const path of page) await get(path);
  await get('/v2/me', { authorization: 'Bearer example' });
  await get('/v2/reviews?product=1007');
  for (const path of page) await get(path);
  await get('/v2/me', { authorization: 'Bearer example' });
  await get('/v2/products/1007', { range: 'bytes=0-99' });
  await (
    await fetchInTime(`${proxy}/v2/cart/items`, { method: 'POST', body: '{"product":1007}' })
  ).arrayBuffer();
  await get('/v2/categories', { 'cache-control': 'no-cache' });
  for (const path of page) await get(path);
  await get('/v2/products?page=1');
}
