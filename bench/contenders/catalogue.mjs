// All contenders by name.
import { nodeHttp, rawNet } from './constant.mjs';
import { direct } from './direct.mjs';
import { flask } from './flask.mjs';
import { windowlessApp, windowApp } from './larder-app.mjs';
import { larderOnElectronNode } from './larder-on-electron-node.mjs';
import { carefulLarder, larder, printingLarder, redisLarder, roomyLarder } from './larder.mjs';
import { nginx, tunedNginx } from './nginx.mjs';
import { varnish } from './varnish.mjs';

/** @type {readonly import('./contender.mjs').Contender[]} */
export const CONTENDERS = [
  rawNet,
  tunedNginx,
  nginx,
  varnish,
  nodeHttp,
  larder,
  carefulLarder,
  printingLarder,
  redisLarder,
  flask,
  direct,
  roomyLarder,
  larderOnElectronNode,
  windowApp,
  windowlessApp,
];

/** @param {string} id
 *  @returns {import('./contender.mjs').Contender} */
export function contenderOf(id) {
  const found = CONTENDERS.find((contender) => contender.id === id);
  if (found === undefined) throw new Error(`there is no contender ${id}`);
  return found;
}
