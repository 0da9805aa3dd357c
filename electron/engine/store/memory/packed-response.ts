/**
 * A stored response as the memory store keeps it until it is hit: one record outside V8's heap with its key, id,
 * metadata and, where it is small, its body. Beside the request's path; read again by the first hit.
 */
import type { StoredResponse } from '../../semantics/stored-response';
import { LENGTH_WORD, alignedBytes, type ArenaPlace } from './record-arena';

const WORD_BYTES = 4;
const KEY_WORD = 2;
const ID_WORD = 3;
const METADATA_WORD = 4;
const VERSION_WORD = 5;
const INLINE_WORD = 6;
const BODY_WORD = 7;
const STORED_WORD = 8;
const FLAGS_WORD = 9;
const HEADER_BYTES = 10 * WORD_BYTES;

const WIDE_KEY = 1;
const WIDE_ID = 2;
const GZIP = 4;
const ON_DISK = 8;
const KEPT = 16;

/** The order of a packed response's parts; what is equal to the key is 0. */
type PackedMetadata = readonly [
  url: string | 0,
  status: number,
  statusText: string,
  fields: StoredResponse['fields'],
  trailers: StoredResponse['trailers'],
  vary: StoredResponse['vary'],
  partition: string,
  method: StoredResponse['method'],
  requestTime: number,
  responseTime: number,
  initialAgeSeconds: number,
  lifetimeSeconds: number,
  lifetimeSource: StoredResponse['lifetimeSource'],
  mustValidate: boolean,
  forOneUser: boolean,
  partial: StoredResponse['partial'],
  bodyBytes: number,
  originMs: number,
];

export interface BodyFacts {
  /** As the origin sent it. */
  readonly bytes: number;
  /** As it is kept. */
  readonly storedBytes: number;
  readonly encoding: 'identity' | 'gzip';
  /** Its version and checksum, where the codec has made them. */
  readonly version: string;
  readonly checksum: string;
  readonly onDisk: boolean;
  /** In memory, in the record or beside it. */
  readonly kept: boolean;
}

export function packMetadata(stored: StoredResponse): string {
  const packed: PackedMetadata = [
    stored.url === stored.key ? 0 : stored.url,
    stored.status,
    stored.statusText,
    stored.fields,
    stored.trailers,
    stored.vary,
    stored.partition,
    stored.method,
    stored.requestTime,
    stored.responseTime,
    stored.initialAgeSeconds,
    stored.lifetimeSeconds,
    stored.lifetimeSource,
    stored.mustValidate,
    stored.forOneUser,
    stored.partial,
    stored.bodyBytes,
    stored.originMs,
  ];
  return JSON.stringify(packed);
}

function unpackMetadata(metadata: string, id: string, key: string): StoredResponse {
  const packed = JSON.parse(metadata) as PackedMetadata;
  return {
    id,
    key,
    partition: packed[6],
    vary: packed[5],
    method: packed[7],
    url: packed[0] === 0 ? key : packed[0],
    status: packed[1],
    statusText: packed[2],
    fields: packed[3],
    trailers: packed[4],
    requestTime: packed[8],
    responseTime: packed[9],
    initialAgeSeconds: packed[10],
    lifetimeSeconds: packed[11],
    lifetimeSource: packed[12],
    mustValidate: packed[13],
    forOneUser: packed[14],
    partial: packed[15],
    bodyBytes: packed[16],
    originMs: packed[17],
  };
}

/** What goes into a record; `inline`: the body, where it is kept in it. */
export interface RecordParts {
  readonly key: string;
  readonly id: string;
  readonly metadata: string;
  readonly facts: BodyFacts;
  readonly inline: Uint8Array | null;
}

/** Aligned length of the record. */
export function recordBytes({ key, id, metadata, facts, inline }: RecordParts): number {
  const texts = textBytes(key) + textBytes(id) + Buffer.byteLength(metadata);
  return alignedBytes(HEADER_BYTES + texts + versionText(facts).length + (inline?.byteLength ?? 0));
}

/** A record in place: valid until the store changes. */
export class PackedResponse {
  readonly place: ArenaPlace;
  readonly #bytes: Buffer;
  readonly #words: Int32Array;
  readonly #at: number;

  constructor(place: ArenaPlace) {
    this.place = place;
    this.#bytes = place.segment.bytes;
    this.#words = place.segment.words;
    this.#at = place.offset / WORD_BYTES;
  }

  get bytes(): number {
    return this.#word(LENGTH_WORD);
  }

  key(): string {
    return this.#text(HEADER_BYTES, this.#word(KEY_WORD), this.#has(WIDE_KEY));
  }

  id(): string {
    return this.#text(this.#idOffset, this.#word(ID_WORD), this.#has(WIDE_ID));
  }

  metadata(): string {
    const start = this.place.offset + this.#idOffset + this.#word(ID_WORD);
    return this.#bytes.toString('utf8', start, start + this.#word(METADATA_WORD));
  }

  stored(): StoredResponse {
    return unpackMetadata(this.metadata(), this.id(), this.key());
  }

  url(): string {
    const metadata = this.metadata();
    return metadata.startsWith('[0,') ? this.key() : this.stored().url;
  }

  get onDisk(): boolean {
    return this.#has(ON_DISK);
  }

  get kept(): boolean {
    return this.#has(KEPT);
  }

  get isGzip(): boolean {
    return this.#has(GZIP);
  }

  get bodyBytes(): number {
    return this.#word(BODY_WORD) >>> 0;
  }

  get storedBytes(): number {
    return this.#word(STORED_WORD) >>> 0;
  }

  facts(): BodyFacts {
    const text = this.#text(this.#versionOffset, this.#word(VERSION_WORD), false);
    const [version = '', checksum = ''] = text.split(' ');
    const sizes = { bytes: this.bodyBytes, storedBytes: this.storedBytes };
    const encoding = this.isGzip ? 'gzip' : 'identity';
    return { ...sizes, encoding, version, checksum, onDisk: this.onDisk, kept: this.kept };
  }

  /** A copy of the body, where it is in the record. Null: it is not. */
  inline(): Buffer | null {
    const view = this.inlineView();
    if (view === null) return null;
    const body = Buffer.allocUnsafeSlow(view.length);
    body.set(view);
    return body;
  }

  /** The body in place, where it is in the record. Null: it is not. */
  inlineView(): Buffer | null {
    const length = this.#word(INLINE_WORD);
    if (length < 0) return null;
    const start = this.place.offset + this.#versionOffset + this.#word(VERSION_WORD);
    return this.#bytes.subarray(start, start + length);
  }

  setOnDisk(onDisk: boolean): void {
    const flags = this.#word(FLAGS_WORD);
    this.#words[this.#at + FLAGS_WORD] = onDisk ? flags | ON_DISK : flags & ~ON_DISK;
  }

  write({ key, id, metadata, facts, inline }: RecordParts): void {
    const { place } = this;
    const version = versionText(facts);
    let flags =
      (facts.encoding === 'gzip' ? GZIP : 0) | (facts.onDisk ? ON_DISK : 0) | (facts.kept ? KEPT : 0);
    flags |= (isWide(key) ? WIDE_KEY : 0) | (isWide(id) ? WIDE_ID : 0);
    let end = place.offset + HEADER_BYTES;
    end += this.#bytes.write(key, end, isWide(key) ? 'utf16le' : 'latin1');
    end += this.#bytes.write(id, end, isWide(id) ? 'utf16le' : 'latin1');
    const metadataBytes = this.#bytes.write(metadata, end, 'utf8');
    end += metadataBytes;
    end += this.#bytes.write(version, end, 'latin1');
    if (inline !== null) this.#bytes.set(inline, end);
    this.#words.set(
      [
        textBytes(key),
        textBytes(id),
        metadataBytes,
        version.length,
        inline?.byteLength ?? -1,
        facts.bytes,
        facts.storedBytes,
        flags,
      ],
      this.#at + KEY_WORD,
    );
  }

  get #idOffset(): number {
    return HEADER_BYTES + this.#word(KEY_WORD);
  }

  get #versionOffset(): number {
    return this.#idOffset + this.#word(ID_WORD) + this.#word(METADATA_WORD);
  }

  #word(word: number): number {
    return this.#words[this.#at + word] ?? 0;
  }

  #has(flag: number): boolean {
    return (this.#word(FLAGS_WORD) & flag) !== 0;
  }

  #text(offset: number, bytes: number, wide: boolean): string {
    const start = this.place.offset + offset;
    return this.#bytes.toString(wide ? 'utf16le' : 'latin1', start, start + bytes);
  }
}

/** Not ASCII: two bytes a character, which unlike UTF-8 keeps halves of surrogate pairs. */
function isWide(text: string): boolean {
  return Buffer.byteLength(text) !== text.length;
}

function textBytes(text: string): number {
  return isWide(text) ? 2 * text.length : text.length;
}

function versionText({ version, checksum }: BodyFacts): string {
  return version === '' ? '' : `${version} ${checksum}`;
}
