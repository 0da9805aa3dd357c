// What undici 8 and its kin expect from Node and an Electron as old as 25 (Node 18.15) lacks.
// Loaded before the app by the development runtime's loader and by the packaged test app; never by the
// product, whose own Electron has all of it.
'use strict';
const events = require('node:events');
const workerThreads = require('node:worker_threads');
const zlib = require('node:zlib');

globalThis.File ??= require('node:buffer').File;

/** @type {any} */
const symbols = Symbol;
symbols.dispose ??= Symbol('Symbol.dispose');
symbols.asyncDispose ??= Symbol('Symbol.asyncDispose');

workerThreads.markAsUncloneable ??= () => {};

zlib.createZstdDecompress ??= () => {
  throw new Error('this Node has no zstd');
};

events.addAbortListener ??= (signal, listener) => {
  const onAbort = () => listener(new Event('abort'));
  if (signal.aborted) queueMicrotask(onAbort);
  else signal.addEventListener('abort', onAbort, { once: true });
  return { [Symbol.dispose]: () => signal.removeEventListener('abort', onAbort) };
};

/** @type {any} */
const promises = Promise;
promises.withResolvers ??= () => {
  /** @type {any} */
  const resolvers = {};
  resolvers.promise = new Promise((resolve, reject) => Object.assign(resolvers, { resolve, reject }));
  return resolvers;
};
