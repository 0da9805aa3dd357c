/** Does what takes long with a body away from the window: reads its text, finds the values of its JSON, searches. */
import { lineCuts } from './body-cuts';
import type { BodyAnswer, BodyQuestion, ReadBody } from './body-messages';
import { findInJson, findInText } from './body-search';
import { bodyText } from './body-text';
import type { JsonIndex } from './json-index';
import { indexJson } from './json-index';

let current: ReadBody | null = null;

onmessage = ({ data }: MessageEvent<BodyQuestion>) => {
  try {
    reply(data);
  } catch (cause) {
    answer({ kind: 'failed', id: data.id, message: cause instanceof Error ? cause.message : String(cause) });
  }
};

function reply(question: BodyQuestion): void {
  switch (question.kind) {
    case 'read': {
      current = read(question);
      const json = current.json === null ? null : copyOf(current.json);
      const body = { ...current, json };
      return answer({ kind: 'read', id: question.id, body }, json === null ? [] : buffersOf(json));
    }
    case 'find': {
      const found = find(question.query, question.where);
      return answer({ kind: 'found', id: question.id, found }, [found.buffer]);
    }
    case 'forget':
      current = null;
      return undefined;
    default:
      return question satisfies never;
  }
}

function answer(message: BodyAnswer, transfer: Transferable[] = []): void {
  postMessage(message, { transfer });
}

function read({ text: body, json }: Extract<BodyQuestion, { kind: 'read' }>): ReadBody {
  const { text: written, charset } = bodyText(body);
  const text = written.includes('\r') ? written.replace(/\r\n?/g, '\n') : written;
  const source = { text, charset, cuts: lineCuts(text) };
  if (!json) return { ...source, json: null, problem: null };
  try {
    return { ...source, json: indexJson(text), problem: null };
  } catch (cause) {
    return { ...source, json: null, problem: cause instanceof Error ? cause.message : String(cause) };
  }
}

function find(query: string, where: 'tree' | 'text'): Int32Array<ArrayBuffer> {
  if (current === null) return new Int32Array(0);
  const { text, json } = current;
  return where === 'tree' && json !== null ? findInJson(text, json, query) : findInText(text, query);
}

/** One stays here to be searched; the other goes to the window without being copied again. */
function copyOf(json: JsonIndex): JsonIndex {
  return {
    start: json.start.slice(),
    end: json.end.slice(),
    key: json.key.slice(),
    parent: json.parent.slice(),
    size: json.size.slice(),
    members: json.members.slice(),
    place: json.place.slice(),
    depth: json.depth.slice(),
  };
}

function buffersOf(json: JsonIndex): ArrayBuffer[] {
  return Object.values(json).map((array: JsonIndex['start' | 'depth']) => array.buffer);
}
