/**
 * CodeMirror as a reader of bodies. It stands in a shadow root: there its styles are constructed sheets, which the
 * window's content security policy lets through where it would stop a style element.
 */
import { defaultKeymap } from '@codemirror/commands';
import { syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { Cuts } from './body-cuts';
import { documentOffset, lineNumberAt, textOffset } from './body-cuts';
import { textInSlices } from './body-document';
import type { FoundMarks } from './body-editor-marks';
import { foundMarks, setFoundMarks } from './body-editor-marks';
import { bodyHighlighting, bodyTheme } from './body-editor-theme';
import type { BodyLanguage } from './body-kind';
import { languageSupport } from './body-languages';
import type { ReadBody } from './body-messages';

/** Longer ones are shown without colours: to colour their end, all that comes before has to be parsed. */
const MOST_HIGHLIGHTED = 2 * 1024 * 1024;

export interface BodyEditor {
  setWrap(wrap: boolean): void;
  setMaxHeight(pixels: number): void;
  /** Marks what was found and scrolls to the current one. */
  showFound(found: FoundMarks): void;
}

interface BodyEditorOptions {
  readonly host: HTMLElement;
  readonly body: ReadBody;
  readonly language: BodyLanguage;
  /** Takes the editor away again. */
  readonly signal: AbortSignal;
}

/** Null: it was taken away before it was there. */
export async function openBodyEditor(options: BodyEditorOptions): Promise<BodyEditor | null> {
  const { host, body, language, signal } = options;
  const highlighted = body.text.length <= MOST_HIGHLIGHTED;
  const [doc, support] = await Promise.all([
    textInSlices(body.text, body.cuts, signal),
    highlighted ? languageSupport(language) : [],
  ]);
  if (doc === null || signal.aborted) return null;
  const wrapping = new Compartment();
  const height = new Compartment();
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const state = EditorState.create({
    doc,
    extensions: [reading(body), support, wrapping.of(EditorView.lineWrapping), height.of([])],
  });
  const view = new EditorView({ state, root, parent: root });
  signal.addEventListener('abort', () => view.destroy(), { once: true });
  return {
    setWrap: (wrap) => view.dispatch({ effects: wrapping.reconfigure(wrap ? EditorView.lineWrapping : []) }),
    setMaxHeight: (pixels) => {
      view.dom.style.maxHeight = `${pixels}px`;
      view.requestMeasure();
    },
    showFound: (found) => showFound(view, found, body.cuts),
  };
}

function reading({ text, cuts }: ReadBody): Extension {
  return [
    EditorState.readOnly.of(true),
    lineNumbers({
      formatNumber: (number, { doc }) =>
        // The editor also asks how wide its widest number is, beyond the last line.
        number > doc.lines ? String(number) : String(lineNumberAt(cuts, doc.line(number)) ?? '↪'),
    }),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    drawSelection(),
    keymap.of(defaultKeymap),
    syntaxHighlighting(bodyHighlighting),
    bodyTheme,
    foundMarks(cuts),
    // What is copied has no breaks that the text has not.
    EditorView.clipboardOutputFilter.of((copied, { selection: { main } }) =>
      main.empty ? copied : text.slice(textOffset(cuts, main.from), textOffset(cuts, main.to)),
    ),
    EditorView.contentAttributes.of({ 'aria-label': 'Body source', spellcheck: 'false', tabindex: '0' }),
  ];
}

function showFound(view: EditorView, found: FoundMarks, cuts: Cuts): void {
  const offset = found.offsets[found.current];
  const scroll =
    offset === undefined ? [] : [EditorView.scrollIntoView(documentOffset(cuts, offset), { yMargin: 60 })];
  view.dispatch({ effects: [setFoundMarks.of(found), ...scroll] });
}
