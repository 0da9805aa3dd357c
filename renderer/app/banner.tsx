import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

interface BannerProps {
  readonly kind: 'error' | 'warning';
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** One thing that a person must know, with what to do about it. */
export function Banner({ kind, children, action }: BannerProps) {
  const Icon = kind === 'error' ? CircleAlert : TriangleAlert;
  return (
    <div role="alert" className="banner" data-outcome={kind === 'error' ? 'ERROR' : 'MISS'}>
      <Icon aria-hidden />
      <p className="min-w-0 flex-1 text-pretty select-text">{children}</p>
      {action}
    </div>
  );
}
