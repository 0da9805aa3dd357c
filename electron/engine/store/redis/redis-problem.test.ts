import { describe, expect, it } from 'vitest';
import { isUnusable, redisErrorCode, redisProblem } from './redis-problem';

const coded = (code: string) => Object.assign(new Error('s3cret'), { code });
const ofCluster = (lastNodeError: Error) => Object.assign(new Error('Failed'), { lastNodeError });

describe('words for what is wrong with Redis', () => {
  it.each([
    [coded('ECONNREFUSED'), 'refused the connection'],
    [coded('ENOENT'), 'cannot be found: there is no such socket'],
    [coded('EACCES'), 'cannot be opened: this user has no permission to use the socket'],
    [new Error('WRONGPASS invalid username-password pair'), 'refused the user name or password'],
    [new Error('Command timed out'), 'did not answer in time'],
    [new Error('Connection is closed.'), 'closed the connection'],
    [new Error('OOM command not allowed'), 'is full'],
    [new Error('READONLY You cannot write'), 'is a read-only replica'],
    [new Error('MOVED 1 127.0.0.1:1'), 'is part of a cluster; choose the mode cluster'],
    [new Error('ERR This instance has cluster support disabled'), 'is not part of a cluster'],
    [ofCluster(new Error('ERR This instance has cluster support disabled')), 'is not part of a cluster'],
    [ofCluster(new Error('Connection is closed.')), 'cannot be reached'],
    [new Error("ERR unknown command 'HELLO', with args beginning with: 's3cret'"), 'failed (ERR)'],
    [new Error('s3cret'), 'failed (UNKNOWN)'],
    ['s3cret', 'failed (UNKNOWN)'],
    [coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'shows a certificate that is not trusted'],
    [coded('EPROTO'), 'does not speak TLS'],
    [coded('SOMETHING_NEW'), 'failed (SOMETHING_NEW)'],
  ])('%s', (error, words) => {
    const problem = redisProblem('host:1', redisErrorCode(error));
    expect(problem).toContain(`Redis at host:1 ${words}`);
    expect(problem).not.toContain('s3cret');
  });

  it.each([
    ['failed to connect to sentinel s:1 because connect ECONNREFUSED 127.0.0.1:1', 'failed (UNKNOWN)'],
    ['failed to connect to sentinel s:1 because Connection is closed.', 'cannot be reached'],
    ['failed to connect to sentinel s:1 because NOAUTH HELLO must be called', 'wants a password'],
    ["failed to connect to sentinel s:1 because ERR unknown command 'sentinel'", 'is not a sentinel'],
    ['connected to sentinel s:1 successfully, but got an invalid reply: null', 'does not know a master'],
  ])('%s', (message, words) => {
    expect(redisProblem('s:1', redisErrorCode(new Error(message)))).toContain(`Sentinel at s:1 ${words}`);
  });

  it('tells a refusal from a Redis that is of no use', () => {
    expect(['NOAUTH', 'LOADING', 'CLUSTERDOWN'].every(isUnusable)).toBe(true);
    expect(['OOM', 'READONLY', 'MISCONF', 'NOPERM', 'ERR'].some(isUnusable)).toBe(false);
  });
});
