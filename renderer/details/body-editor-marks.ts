/** Marks in the editor what was found in a body: only within what is drawn, however much there is. */
import type { Extension, Range } from '@codemirror/state';
import { StateEffect, StateField } from '@codemirror/state';
import type { DecorationSet, EditorView, ViewUpdate } from '@codemirror/view';
import { Decoration, ViewPlugin } from '@codemirror/view';
import type { Cuts } from './body-cuts';
import { countBelow, documentOffset, textOffset } from './body-cuts';

export interface FoundMarks {
  /** Where they begin in the text, in order. */
  readonly offsets: Int32Array;
  /** In characters. */
  readonly length: number;
  /** Which of them is shown; -1: none. */
  readonly current: number;
}

/** More in sight at once would only be slow to draw. */
const MOST_MARKS = 2_000;
const NOTHING: FoundMarks = { offsets: new Int32Array(0), length: 0, current: -1 };
const MARK = Decoration.mark({ class: 'cm-found' });
const CURRENT = Decoration.mark({ class: 'cm-found cm-found-current' });

export const setFoundMarks = StateEffect.define<FoundMarks>();

const found = StateField.define<FoundMarks>({
  create: () => NOTHING,
  update: (value, { effects }) => effects.find((effect) => effect.is(setFoundMarks))?.value ?? value,
});

/** @param cuts breaks of the document that the text has not */
export function foundMarks(cuts: Cuts): Extension {
  const plugin = ViewPlugin.define(
    (view) => ({
      marks: marksIn(view, cuts),
      update(update: ViewUpdate) {
        const changed = update.state.field(found) !== update.startState.field(found);
        if (changed || update.viewportChanged) this.marks = marksIn(update.view, cuts);
      },
    }),
    { decorations: ({ marks }) => marks },
  );
  return [found, plugin];
}

function marksIn({ state, visibleRanges }: EditorView, cuts: Cuts): DecorationSet {
  const { offsets, length, current } = state.field(found);
  const marks: Range<Decoration>[] = [];
  for (const { from, to } of visibleRanges) {
    const [first, end] = [textOffset(cuts, from) - length, textOffset(cuts, to)];
    let at = countBelow(offsets, (place) => (offsets[place] ?? 0) < first);
    for (; (offsets[at] ?? end) < end && marks.length < MOST_MARKS; at += 1) {
      const start = offsets[at] ?? 0;
      const range = [documentOffset(cuts, start), documentOffset(cuts, start + length - 1) + 1] as const;
      if (range[1] <= state.doc.length) marks.push((at === current ? CURRENT : MARK).range(...range));
    }
  }
  return Decoration.set(marks, true);
}
