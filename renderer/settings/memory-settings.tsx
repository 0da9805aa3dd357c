/** The memory store: its budget, and what of it outlives Larder. */
import { useStore } from 'zustand';
import type { PersistenceStatus } from '../../shared/engine-status';
import { formatMebibytes } from '../../shared/format';
import { engineStore } from '../state/engine-store';
import { CheckSetting } from './check-setting';
import { SettingLine, TextSetting, useDraft } from './setting-field';

export function MemorySettings() {
  const persist = useDraft('persist') ?? false;
  const disk = useStore(engineStore, ({ status }) => status?.store.persistence ?? null);
  return (
    <>
      <TextSetting
        field="maxMemoryMiB"
        label="Memory budget"
        kind="number"
        width="max-w-28"
        unit="MiB"
        note="When it is full, what was used longest ago goes first."
      />
      <SettingLine label="On disk" field="persist">
        <CheckSetting
          field="persist"
          label="Keep across restarts"
          note="Also written to disk, so that it is there again after a restart or a crash. Without it, what other profiles store waits in memory while this one is active."
        />
        {persist && <DiskProblem disk={disk} />}
      </SettingLine>
      {persist && (
        <TextSetting
          field="maxDiskMiB"
          label="Disk budget"
          kind="number"
          width="max-w-28"
          unit="MiB"
          note={diskNote(disk)}
        />
      )}
    </>
  );
}

function DiskProblem({ disk }: { readonly disk: PersistenceStatus | null }) {
  if (disk?.state !== 'in-use' && disk?.state !== 'failing') return null;
  const fallback =
    disk.state === 'in-use'
      ? 'Another Larder has the cache folder: what is stored here is in memory only.'
      : 'The disk refuses to keep what is stored: it is in memory only.';
  return <p className="mt-1 pl-6 text-sm text-pretty text-miss">{disk.message ?? fallback}</p>;
}

function diskNote(disk: PersistenceStatus | null): string {
  const now =
    disk === null || disk.state === 'off' ? '' : ` On disk now: ${formatMebibytes(disk.bytes)} MiB.`;
  return `Apart from the memory budget.${now}`;
}
