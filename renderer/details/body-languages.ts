/** The grammar of a body's language, each loaded when a body of it is first shown. */
import type { Extension } from '@codemirror/state';
import type { BodyLanguage } from './body-kind';

export async function languageSupport(language: BodyLanguage): Promise<Extension> {
  switch (language) {
    case 'json':
      return (await import('@codemirror/lang-json')).json();
    case 'html':
      return (await import('@codemirror/lang-html')).html();
    case 'xml':
      return (await import('@codemirror/lang-xml')).xml();
    case 'css':
      return (await import('@codemirror/lang-css')).css();
    case 'javascript':
      return (await import('@codemirror/lang-javascript')).javascript({ jsx: true, typescript: true });
    case 'plain':
      return [];
    default:
      return language satisfies never;
  }
}
