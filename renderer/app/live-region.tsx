import { useEffect, useState } from 'react';
import { engineStore } from '../state/engine-store';
import { createTrafficTeller } from '../state/traffic-words';

const EVERY_MS = 5000;

/** Tells assistive technology of the traffic, politely. What fails is told by banners and toasts, which are alerts. */
export function LiveRegion() {
  const [words, setWords] = useState('');
  useEffect(() => {
    const teller = createTrafficTeller(setWords, EVERY_MS);
    const see = () => {
      const { status } = engineStore.getState();
      if (status !== null) teller.see(status.counters);
    };
    see();
    const unsubscribe = engineStore.subscribe(see);
    return () => {
      unsubscribe();
      teller.stop();
    };
  }, []);
  return (
    <div className="sr-only" aria-live="polite" aria-atomic="true" data-live-region>
      {words}
    </div>
  );
}
