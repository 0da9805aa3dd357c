// Runs in the window: counts frames, long tasks and the time that filtering takes. Evaluated by bench/window.mjs.
(() => {
  const intervals = [];
  const tasks = [];
  let running = false;
  let before = 0;
  /** A frame asked for by a measurement that has ended is none of the next one's. */
  let asked = 0;

  const observer = new PerformanceObserver((list) => {
    if (running) for (const { duration } of list.getEntries()) tasks.push(duration);
  });
  observer.observe({ type: 'longtask' });

  const onFrame = (now) => {
    if (!running) return;
    if (before > 0) intervals.push(now - before);
    before = now;
    asked = requestAnimationFrame(onFrame);
  };

  /** Resolves once the next frame has been handed to the compositor. */
  const painted = () =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.addEventListener('message', resolve, { once: true });
        channel.port1.start();
        channel.port2.postMessage(null);
      });
    });

  const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;

  globalThis.larderMeter = {
    start() {
      intervals.length = 0;
      tasks.length = 0;
      before = 0;
      running = true;
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(onFrame);
    },
    stop() {
      running = false;
      return { intervals: [...intervals], tasks: [...tasks] };
    },
    heapBytes: () => performance.memory?.usedJSHeapSize ?? null,
    /** Puts a text into the filter box as typing does; milliseconds until handled and until painted. */
    async filter(text) {
      const box = document.querySelector('[data-filter-box]');
      await painted();
      const start = performance.now();
      setValue.call(box, text);
      box.dispatchEvent(new Event('input', { bubbles: true }));
      const handled = performance.now() - start;
      await painted();
      return { handled, painted: performance.now() - start };
    },
  };
})();
