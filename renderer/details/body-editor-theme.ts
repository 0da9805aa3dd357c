/** The editor in the window's own colours, which follow light and dark by themselves. */
import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

export const bodyTheme = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'transparent', fontSize: '12px' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-scroller': {
    fontFamily: 'var(--font-mono)',
    lineHeight: '20px',
    overflow: 'auto',
    scrollbarWidth: 'thin',
    scrollbarColor: 'var(--scroll) transparent',
  },
  // For Electron whose Chrome knows no other way.
  '.cm-scroller::-webkit-scrollbar': { width: '10px', height: '10px' },
  '.cm-scroller::-webkit-scrollbar-thumb': {
    border: '3px solid transparent',
    borderRadius: '5px',
    background: 'var(--scroll) content-box',
  },
  '.cm-scroller::-webkit-scrollbar-corner': { background: 'transparent' },
  '.cm-content': { padding: '0', caretColor: 'var(--text)', userSelect: 'text', tabSize: '2' },
  '.cm-line': { padding: '0 8px 0 6px' },
  '.cm-gutters': { color: 'var(--faint)', backgroundColor: 'var(--panel)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 6px 0 4px', minWidth: '28px' },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--hover) 70%, transparent)' },
  '.cm-activeLineGutter': { color: 'var(--text)', backgroundColor: 'transparent' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 28%, transparent)',
  },
  '.cm-specialChar': { color: 'var(--error)' },
  '.cm-found': { backgroundColor: 'var(--miss-bg)', color: 'inherit', borderRadius: '2px' },
  '.cm-found-current': { outline: '1px solid var(--miss-dot)' },
});

export const bodyHighlighting = HighlightStyle.define([
  {
    tag: [tags.propertyName, tags.attributeName, tags.definition(tags.variableName)],
    color: 'var(--accent)',
  },
  { tag: [tags.tagName, tags.keyword, tags.typeName, tags.className, tags.modifier], color: 'var(--stale)' },
  { tag: [tags.string, tags.attributeValue, tags.regexp, tags.special(tags.string)], color: 'var(--hit)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom, tags.unit, tags.color], color: 'var(--miss)' },
  { tag: [tags.comment, tags.documentMeta, tags.processingInstruction], color: 'var(--faint)' },
  { tag: [tags.angleBracket, tags.punctuation, tags.bracket], color: 'var(--muted)' },
]);
