import { ArrowRight, Check, Clock, CornerDownRight, X } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { Outcome } from '../../shared/exchange-summary';

const ICONS: Readonly<Record<Outcome, LucideIcon>> = {
  HIT: Check,
  MISS: ArrowRight,
  STALE: Clock,
  PASS: CornerDownRight,
  ERROR: X,
};

/** The outcome as icon, word and colour: never colour alone. */
export function OutcomeBadge({ outcome }: { readonly outcome: Outcome }) {
  const Icon = ICONS[outcome];
  return (
    <span className="badge" data-outcome={outcome}>
      <Icon aria-hidden />
      {outcome}
    </span>
  );
}
