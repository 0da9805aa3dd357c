/** Why an exchange went as it did: the sentence with its facts, what would change it, and the nearest stored response. */
import { Settings2 } from 'lucide-react';
import { useStore } from 'zustand';
import type { ExchangeDetails, ExchangeSummary } from '../../shared/exchange-summary';
import { reasonRemedy } from '../../shared/reason-remedy';
import { reasonParts } from '../../shared/reason-text';
import { OutcomeBadge } from '../controls/outcome-badge';
import { engineStore } from '../state/engine-store';
import { openSetting } from '../state/window-store';
import { DetailsSection } from './details-frame';
import { FactList } from './fact-list';
import { NearestStored } from './nearest-stored';
import { whyFacts } from './why-facts';

/** Characters: nearly a line of narrow details. */
const LONG_FACT = 32;

interface WhySectionProps {
  /** Tells exchanges apart over restarts of the engine. */
  readonly subject: string;
  readonly exchange: ExchangeSummary;
  /** Null: not here, or no longer. */
  readonly details: ExchangeDetails | null;
}

export function WhySection({ subject, exchange, details }: WhySectionProps) {
  const isHit = exchange.outcome === 'HIT' || exchange.outcome === 'STALE';
  return (
    <DetailsSection name="Why" aside={<OutcomeBadge outcome={exchange.outcome} />}>
      <div className="why-card">
        <p className="why-sentence">
          {reasonParts(exchange).map(({ text, fact }, index) =>
            // The sentence is the identity: its parts do not move.
            fact ? <Fact key={index} text={text} /> : text,
          )}
        </p>
        {!isHit && <NearestStored subject={subject} exchange={exchange} known={details !== null} />}
        <RemedyLine exchange={exchange} details={details} />
      </div>
      <FactList facts={whyFacts(exchange, details)} />
    </DetailsSection>
  );
}

/** A short one is not torn apart. */
function Fact({ text }: { readonly text: string }) {
  return <b className={text.length < LONG_FACT ? 'whitespace-nowrap' : undefined}>{text}</b>;
}

function RemedyLine({ exchange, details }: Omit<WhySectionProps, 'subject'>) {
  const settings = useStore(engineStore, (state) => state.settings);
  if (settings === null) return null;
  const { policy, store } = settings;
  const hasCookies = details?.requestFields.some(([name]) => name.toLowerCase() === 'cookie') ?? false;
  const remedy = reasonRemedy(exchange, { policy, store, hasCookies });
  if (remedy === null) return null;
  const { sentence, setting } = remedy;
  return (
    <div className="why-remedy">
      <p>{sentence}</p>
      {setting !== null && (
        <button type="button" className="btn small" onClick={() => openSetting(setting.field)}>
          <Settings2 aria-hidden />
          {setting.action}
        </button>
      )}
    </div>
  );
}
