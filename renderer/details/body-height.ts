import { useLayoutEffect, useState } from 'react';
import { useDetailsScroll } from './details-frame';

/** What stands above and below the body when its section is scrolled to. */
const AROUND = 200;
const LOWEST = 160;

/** How high a body may be so that it fits into Details with its buttons; beyond, it scrolls in itself. */
export function useBodyHeight(): number {
  const scrollRef = useDetailsScroll();
  const [height, setHeight] = useState(LOWEST);
  useLayoutEffect(() => {
    const element = scrollRef.current;
    if (element === null) return undefined;
    const measure = () => setHeight(Math.max(LOWEST, element.clientHeight - AROUND));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [scrollRef]);
  return height;
}
