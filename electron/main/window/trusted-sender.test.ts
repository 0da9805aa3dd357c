import { describe, expect, it } from 'vitest';
import { isTrustedSender } from './trusted-sender';

const contentsOf = (url: string) => ({ mainFrame: { url } });
const OWN = 'app://larder/index.html';

describe('isTrustedSender', () => {
  it('lets the main frame of the window through', () => {
    const window = contentsOf(OWN);
    expect(isTrustedSender({ sender: window, senderFrame: window.mainFrame }, window)).toBe(true);
  });

  it('refuses another frame of the window, though it shows our page', () => {
    const window = contentsOf(OWN);
    expect(isTrustedSender({ sender: window, senderFrame: { url: OWN } }, window)).toBe(false);
  });

  it('refuses other contents, though they show our page', () => {
    const [window, other] = [contentsOf(OWN), contentsOf(OWN)];
    expect(isTrustedSender({ sender: other, senderFrame: other.mainFrame }, window)).toBe(false);
    expect(isTrustedSender({ sender: other, senderFrame: other.mainFrame }, undefined)).toBe(false);
  });

  it('refuses a frame that is gone', () => {
    const window = contentsOf(OWN);
    expect(isTrustedSender({ sender: window, senderFrame: null }, window)).toBe(false);
  });

  it.each([
    'https://larder/',
    'app://evil/index.html',
    'app://larder@evil/',
    'data:text/html,x',
    'about:blank',
  ])('refuses the main frame once it shows %s', (url) => {
    const window = contentsOf(url);
    expect(isTrustedSender({ sender: window, senderFrame: window.mainFrame }, window)).toBe(false);
  });
});
