/** The demo's only state: one cart. Changing it is what invalidation can be watched with. */
import { PRODUCTS, priceOf } from './demo-data';
import type { DemoReply, DemoRequest } from './demo-reply';
import { json, problem } from './demo-reply';

const MOST_ITEMS = 50;
const PROBLEM = 'Send JSON such as {"productId": 3, "quantity": 2}; products are 1 to 24';

interface CartItem {
  readonly productId: number;
  readonly quantity: number;
}

function parseItem(body: string): CartItem | null {
  let content: unknown;
  try {
    content = JSON.parse(body);
  } catch {
    return null;
  }
  if (typeof content !== 'object' || content === null) return null;
  const { productId, quantity = 1 } = content as Record<string, unknown>;
  const known = PRODUCTS.some(({ id }) => id === productId);
  if (!known || !Number.isInteger(quantity) || Number(quantity) < 1) return null;
  return { productId: Number(productId), quantity: Number(quantity) };
}

export class DemoCart {
  #items: readonly CartItem[] = [];

  show(): DemoReply {
    return json(this.#value());
  }

  add(request: DemoRequest): DemoReply {
    const item = parseItem(request.body);
    if (item === null) return problem(422, PROBLEM);
    this.#items = [...this.#items, item].slice(-MOST_ITEMS);
    return json(this.#value(), { Location: '/cart' }, 201);
  }

  empty(): DemoReply {
    this.#items = [];
    return { status: 204, fields: {}, body: '' };
  }

  #value(): { items: readonly CartItem[]; total: number } {
    const total = this.#items.reduce(
      (sum, { productId, quantity }) => sum + priceOf(productId) * quantity,
      0,
    );
    return { items: this.#items, total: Math.round(total * 100) / 100 };
  }
}
