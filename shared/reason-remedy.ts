/**
 * What would change why an exchange went as it did: a setting where one can,
 * else what the client or the origin would have to do. Words only; the engine decides.
 */
import type { ExchangeSummary, NotStoredReason, ReasonCode } from './exchange-summary';
import type { Policy, StoreKind } from './settings';

export interface Remedy {
  /** What would change it: one sentence, or two. */
  readonly sentence: string;
  /** The setting that can; null: none. */
  readonly setting: SettingLink | null;
}

export interface SettingLink {
  /** Dotted name in the settings, such as `upstream.headTimeoutMs`. */
  readonly field: string;
  /** As the button says it: `Change the TTL`. */
  readonly action: string;
}

/** What decides which remedy helps, beside the exchange: the settings in force, and its request. */
export interface RemedyContext {
  readonly policy: Policy;
  readonly store: StoreKind;
  /** The request has a Cookie field. */
  readonly hasCookies: boolean;
}

type Choose = (exchange: ExchangeSummary, context: RemedyContext) => Remedy | null;

/** Null: it went as it should, or nothing would change it. */
export function reasonRemedy(exchange: ExchangeSummary, context: RemedyContext): Remedy | null {
  const { notStored, reason } = exchange;
  return notStored === null
    ? BY_REASON[reason](exchange, context)
    : BY_NOT_STORED[notStored](exchange, context);
}

const TTL: SettingLink = { field: 'ttlSeconds', action: 'Change the TTL' };
const POLICY: SettingLink = { field: 'policy', action: 'Change the policy' };
const ORIGIN: SettingLink = { field: 'origin', action: 'Change the origin' };

function by(setting: SettingLink, sentence: string): Remedy {
  return { sentence, setting };
}

function without(sentence: string): Remedy {
  return { sentence, setting: null };
}

const nothing: Choose = () => null;

const askForMore: Choose = () =>
  without('Ask once for the whole: any part of it is then answered from the store.');

const OVERRIDE_STORES = by(
  POLICY,
  'The policy “override” stores it all the same, for as long as the TTL says.',
);

const lastLonger: Choose = ({ facts }, { policy }) => {
  if (policy === 'override' || facts.lifetimeSource === 'ttl') {
    return by(TTL, 'A longer TTL keeps it fresh for longer. It counts for what is stored from then on.');
  }
  return by(POLICY, 'The origin gave this lifetime. The policy “override” goes by the TTL instead.');
};

const BY_REASON: Readonly<Record<ReasonCode, Choose>> = {
  fresh: nothing,
  revalidated: (exchange, context) =>
    exchange.facts.expiredForSeconds === undefined ? null : lastLonger(exchange, context),
  'stale-while-revalidate': lastLonger,
  'stale-if-error': lastLonger,
  'max-stale': lastLonger,
  'not-modified': nothing,
  collapsed: nothing,
  'no-stored-response': nothing,
  invalidated: () =>
    without(
      'A successful POST, PUT, PATCH or DELETE removes what is stored for its URL, so that changes show.',
    ),
  'vary-differs': ({ facts }) =>
    without(
      `Send the same ${list(facts.varyFields, 'fields')}, or let the origin leave out of Vary what does not change its answer.`,
    ),
  'credentials-differ': (_exchange, { hasCookies }) =>
    hasCookies
      ? by(
          { field: 'credentialCookies', action: 'Change which cookies count' },
          'If only a cookie differs that says nothing about the user, leave it out of the cookies that count.',
        )
      : without('Nothing to change: what is stored for one user is not for another.'),
  expired: lastLonger,
  'must-validate': () =>
    by(POLICY, 'The origin asks for that with no-cache. The policy “override” goes by the TTL instead.'),
  reload: () =>
    without(
      'Browsers ask for this on a reload, and always while “Disable cache” is ticked in their developer tools: untick it there.',
    ),
  changed: lastLonger,
  'partial-stored': askForMore,
  'method-not-cached': () => without('Nothing to change: such a request may change things at the origin.'),
  'request-no-store': () => without('Leave no-store out of the Cache-Control of the request.'),
  'conditional-request': ({ facts }) =>
    without(`Leave ${list(facts.requestFields, 'the condition')} out of the request.`),
  'request-body': () => without('Send it without a body, and put what matters into the URL.'),
  'unkeyed-input': ({ facts }) =>
    without(`Leave ${list(facts.requestFields, 'the field')} out of the request.`),
  upgrade: nothing,
  'only-if-cached': () =>
    without('Send it once without only-if-cached: what the origin answers is then stored.'),
  'store-unavailable': (_exchange, { store }) => storeRemedy(store),
  'origin-error': (exchange) => originRemedy(exchange),
  'request-error': nothing,
  'client-left': nothing,
};

const BY_NOT_STORED: Readonly<Record<NotStoredReason, Choose>> = {
  'status-not-stored': statusRemedy,
  'response-no-store': () => OVERRIDE_STORES,
  'response-private': () => OVERRIDE_STORES,
  authorization: (_exchange, { policy }) =>
    policy === 'respect'
      ? by(POLICY, 'The policy “override” stores it, apart for each user.')
      : without('The origin has to allow it, with public or s-maxage in its Cache-Control.'),
  'vary-star': () =>
    without('The origin has to name the fields that its answer depends on, in place of the *.'),
  'no-freshness': () => by(TTL, 'Set a TTL: it counts wherever the origin gives no lifetime.'),
  'ttl-zero': () => by(TTL, 'Raise the TTL above 0.'),
  endless: () => without('Nothing to change: what never ends cannot be kept whole.'),
  'too-large': () =>
    by(
      { field: 'maxBodyBytes', action: 'Change the largest body' },
      'Raise the size of the largest body that is stored.',
    ),
  'memory-busy': () => without('Send it again when fewer large responses are under way.'),
  incomplete: () => without('Send it again, and let it arrive to the end.'),
  'request-no-store': () => without('Leave no-store out of the Cache-Control of the request.'),
  'partial-content': askForMore,
  'invalidated-meanwhile': () => without('Send it again: nothing stands in the way any more.'),
  'method-not-cached': () => without('Nothing to change: such a request may change things at the origin.'),
  'store-unavailable': (_exchange, { store }) => storeRemedy(store),
};

function statusRemedy({ status }: ExchangeSummary, { policy }: RemedyContext): Remedy {
  if (status === 416 || status === 412) {
    return without('Send it without the range or the condition that was refused.');
  }
  if ((status ?? 0) < 400) return without('Nothing to change: this status says nothing that can be kept.');
  if (policy === 'respect') {
    return by(POLICY, 'With the policy “override” and a TTL for errors, errors are stored too.');
  }
  const action = 'Change the TTL of errors';
  return by({ field: 'errorTtlSeconds', action }, 'Give errors a TTL, and they are stored too.');
}

function storeRemedy(store: StoreKind): Remedy {
  if (store === 'memory') return by({ field: 'store', action: 'Change the store' }, 'Choose another store.');
  return by(
    { field: 'store', action: 'Change the store' },
    'See whether Redis is well and near, or keep responses in memory instead.',
  );
}

function originRemedy({ error, status }: ExchangeSummary): Remedy | null {
  switch (error?.code) {
    case 'origin_timeout':
      return status === 504 || status === null
        ? by(
            { field: 'upstream.headTimeoutMs', action: 'Change the time to answer' },
            'Give the origin more time to answer.',
          )
        : by(
            { field: 'upstream.bodyTimeoutMs', action: 'Change the pause allowed' },
            'Allow a longer pause within a body.',
          );
    case 'origin_tls':
      return by(
        { field: 'upstream.acceptSelfSigned', action: 'Change which certificates are accepted' },
        'If the origin is your own, accept its self-signed certificate.',
      );
    case 'origin_unreachable':
      if (error.message.includes('did not accept a connection in time')) {
        const action = 'Change the time to connect';
        const sentence = 'See whether the origin is running, or give it more time to accept a connection.';
        return by({ field: 'upstream.connectTimeoutMs', action }, sentence);
      }
      return by(ORIGIN, 'See whether the origin is running, and whether its address is right.');
    case 'origin_invalid_response':
      return by(ORIGIN, 'See whether the origin is running, and whether its address is right.');
    default:
      return null;
  }
}

function list(names: readonly string[] | undefined, otherwise: string): string {
  return names === undefined || names.length === 0 ? otherwise : names.join(', ');
}
