/** What the demo API serves: a small pantry shop. Fixed, so that tests and people see the same each time. */

export interface Product {
  readonly id: number;
  readonly name: string;
  readonly category: string;
  readonly price: number;
  readonly currency: 'EUR';
  readonly stock: number;
  readonly tags: readonly string[];
  readonly image: string;
}

export interface User {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly city: string;
  readonly memberSince: string;
}

export interface Order {
  readonly id: number;
  readonly userId: number;
  readonly placedAt: string;
  readonly status: 'delivered' | 'shipped' | 'packing';
  readonly items: readonly { readonly productId: number; readonly quantity: number }[];
  readonly total: number;
}

/** name, category, price, stock, tags */
const SHELF: readonly (readonly [string, string, number, number, string])[] = [
  ['Apricot jam', 'preserves', 4.9, 38, 'sweet breakfast'],
  ['Bitter orange marmalade', 'preserves', 5.4, 12, 'sweet breakfast'],
  ['Plum butter', 'preserves', 4.6, 0, 'sweet vegan'],
  ['Fig chutney', 'preserves', 6.2, 21, 'savoury vegan'],
  ['Pickled gherkins', 'pickles', 3.2, 74, 'savoury vegan'],
  ['Pickled beetroot', 'pickles', 3.4, 41, 'savoury vegan'],
  ['Sauerkraut', 'pickles', 2.9, 63, 'fermented vegan'],
  ['Kimchi', 'pickles', 5.8, 17, 'fermented hot'],
  ['Olive oil, cold pressed', 'oils', 11.5, 29, 'vegan staple'],
  ['Walnut oil', 'oils', 9.8, 8, 'vegan'],
  ['Pumpkin seed oil', 'oils', 10.4, 14, 'vegan'],
  ['Rapeseed oil', 'oils', 4.2, 55, 'vegan staple'],
  ['Red lentils', 'pulses', 2.4, 120, 'vegan staple'],
  ['Chickpeas', 'pulses', 2.1, 98, 'vegan staple'],
  ['Black beans', 'pulses', 2.3, 87, 'vegan'],
  ['Split peas', 'pulses', 1.9, 66, 'vegan'],
  ['Spelt flour', 'baking', 2.8, 44, 'staple'],
  ['Rye flour', 'baking', 2.5, 39, 'staple'],
  ['Oat flakes', 'baking', 1.8, 102, 'breakfast vegan'],
  ['Poppy seed', 'baking', 3.6, 25, 'vegan'],
  ['Smoked paprika', 'spices', 3.9, 33, 'hot vegan'],
  ['Black pepper', 'spices', 4.4, 51, 'hot vegan'],
  ['Cinnamon sticks', 'spices', 3.7, 28, 'sweet vegan'],
  ['Juniper berries', 'spices', 3.3, 19, 'vegan'],
];

export const PRODUCTS: readonly Product[] = SHELF.map(([name, category, price, stock, tags], index) => ({
  id: index + 1,
  name,
  category,
  price,
  currency: 'EUR',
  stock,
  tags: tags.split(' '),
  image: '/image.png',
}));

/** name, city, year */
const PEOPLE: readonly (readonly [string, string, number])[] = [
  ['Ada Lindqvist', 'Uppsala', 2019],
  ['Bram de Wit', 'Utrecht', 2020],
  ['Chiara Moretti', 'Bologna', 2020],
  ['Dario Kovač', 'Zagreb', 2021],
  ['Elif Yıldız', 'İzmir', 2022],
  ['Femi Adeyemi', 'Lagos', 2022],
  ['Greta Schulz', 'Leipzig', 2023],
  ['Hiro Tanaka', '京都', 2024],
];

export const USERS: readonly User[] = PEOPLE.map(([name, city, year], index) => ({
  id: index + 1,
  name,
  email: `${name.split(' ')[0]?.toLowerCase() ?? 'someone'}@example.com`,
  city,
  memberSince: `${year}-0${index + 1}-14`,
}));

const ORDER_COUNT = 12;
const STATES = ['delivered', 'delivered', 'shipped', 'packing'] as const;

const inCents = (amount: number): number => Math.round(amount * 100) / 100;

function makeOrder(index: number): Order {
  const items = Array.from({ length: 1 + (index % 3) }, (_, place) => ({
    productId: 1 + ((index * 5 + place * 7) % PRODUCTS.length),
    quantity: 1 + ((index + place) % 4),
  }));
  const total = items.reduce((sum, { productId, quantity }) => sum + priceOf(productId) * quantity, 0);
  return {
    id: 1001 + index,
    userId: 1 + (index % USERS.length),
    placedAt: `2026-0${1 + (index % 6)}-1${index % 9}T09:3${index % 6}:00Z`,
    status: STATES[index % STATES.length] ?? 'packing',
    items,
    total: inCents(total),
  };
}

export function priceOf(productId: number): number {
  return PRODUCTS[productId - 1]?.price ?? 0;
}

export const ORDERS: readonly Order[] = Array.from({ length: ORDER_COUNT }, (_, index) => makeOrder(index));

/** Greetings by primary language subtag; English where none fits. */
export const GREETINGS: Readonly<Record<string, string>> = {
  en: 'Good morning! The larder is full.',
  de: 'Guten Morgen! Die Speisekammer ist voll.',
  fr: 'Bonjour ! Le garde-manger est plein.',
  es: '¡Buenos días! La despensa está llena.',
  it: 'Buongiorno! La dispensa è piena.',
  ja: 'おはようございます。食料庫はいっぱいです。',
};
