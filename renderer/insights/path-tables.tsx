/** The paths that are missed most, one step from their rows in Live; and the largest, one step from the Cache. */
import { formatBytes, formatCount } from '../../shared/format';
import type { LargePath, MissedPath } from '../../shared/insights';
import { missCauseText } from '../../shared/miss-cause-text';
import { storedList } from '../cache/stored-responses';
import { liveLog } from '../state/live-log';
import { showPlace } from '../state/window-store';

export function MissedPaths({ paths }: { readonly paths: readonly MissedPath[] }) {
  const columns: readonly Column<MissedPath>[] = [
    { name: 'Misses', cell: ({ misses }) => formatCount(misses), isNumber: true },
    { name: 'Why mostly', cell: ({ cause }) => missCauseText(cause) },
  ];
  return (
    <PathTable
      title="Most missed paths"
      paths={paths}
      columns={columns}
      hint="Show in Live"
      onOpen={showInLive}
      empty="Nothing was missed."
    />
  );
}

export function LargestPaths({ paths }: { readonly paths: readonly LargePath[] }) {
  const columns: readonly Column<LargePath>[] = [
    { name: 'Fetched', cell: ({ bytes }) => formatBytes(bytes), isNumber: true },
    { name: 'Responses', cell: ({ responses }) => formatCount(responses), isNumber: true },
    { name: 'Largest', cell: ({ largestBytes }) => formatBytes(largestBytes), isNumber: true },
  ];
  return (
    <PathTable
      title="Largest paths"
      paths={paths}
      columns={columns}
      hint="Search in Cache"
      onOpen={searchInCache}
      empty="No bodies came from the origin."
    />
  );
}

/** A path in quotes where it holds what would end the term. */
function showInLive(path: string): void {
  liveLog.setFilter(/\s/.test(path) ? `path:"${path}"` : `path:${path}`, []);
  showPlace('live');
}

function searchInCache(path: string): void {
  void storedList.search(path);
  showPlace('cache');
}

interface Column<P> {
  readonly name: string;
  readonly cell: (path: P) => string;
  readonly isNumber?: boolean;
}

interface PathTableProps<P> {
  readonly title: string;
  readonly paths: readonly P[];
  readonly columns: readonly Column<P>[];
  /** What a click on a path does. */
  readonly hint: string;
  readonly onOpen: (path: string) => void;
  readonly empty: string;
}

function PathTable<P extends { readonly path: string }>(props: PathTableProps<P>) {
  const { title, paths, columns, hint, onOpen, empty } = props;
  return (
    <section className="path-card" aria-label={title}>
      <h2>{title}</h2>
      {paths.length === 0 ? (
        <p className="text-muted">{empty}</p>
      ) : (
        <table className="insight-table path-table">
          <caption className="sr-only">{`${title}. Activate a path to ${hint.toLowerCase()}.`}</caption>
          <thead>
            <tr>
              <th scope="col">Path</th>
              {columns.map(({ name, isNumber }) => (
                <th key={name} scope="col" className={isNumber === true ? 'num' : 'path-words'}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {paths.map((one) => (
              <tr key={one.path}>
                <th scope="row">
                  <button type="button" title={`${hint}: ${one.path}`} onClick={() => onOpen(one.path)}>
                    {one.path}
                  </button>
                </th>
                {columns.map(({ name, cell, isNumber }) => (
                  <td
                    key={name}
                    className={isNumber === true ? 'num' : 'text-muted'}
                    title={isNumber === true ? undefined : cell(one)}
                  >
                    {cell(one)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
