/** What Live shows before the first request: not an empty grid but a way to begin. */
import { ConnectPanel, OriginForm } from './connect-panel';
import { DemoRequests } from './demo-requests';

export function FirstStart() {
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <div className="first-start">
        <h2 className="text-xl font-semibold tracking-tight">Larder is running with a demo API</h2>
        <p className="mt-1 max-w-[60ch] text-muted">
          Every request that goes through Larder shows up here, with the reason why it was answered from the
          store or went on to the origin.
        </p>
        <div className="first-start-columns">
          <section className="flex min-w-0 flex-col gap-7">
            <TryIt />
            <div className="max-w-[360px]">
              <OriginForm />
            </div>
          </section>
          <section className="min-w-0">
            <h3 className="mb-2">Point your app at Larder</h3>
            <ConnectPanel />
          </section>
        </div>
      </div>
    </div>
  );
}

function TryIt() {
  return (
    <div>
      <h3 className="mb-0.5">Try it</h3>
      <p className="mb-2.5 text-sm text-muted">
        Send one twice: first a MISS, then a HIT that saves the wait.
      </p>
      <DemoRequests />
    </div>
  );
}
