/** Opens and closes a tree at large. */
import { ChevronsDownUp, ChevronsUpDown } from 'lucide-react';
import type { Openness } from './json-rows';
import { openTo } from './json-rows';

const DEPTHS = [1, 2, 3, 4, 5] as const;

interface JsonTreeToolsProps {
  readonly onOpen: (openness: Openness) => void;
}

export function JsonTreeTools({ onOpen }: JsonTreeToolsProps) {
  return (
    <>
      <button
        type="button"
        className="btn ghost icon small"
        aria-label="Open all"
        title="Open all"
        onClick={() => onOpen(openTo(Infinity))}
      >
        <ChevronsUpDown aria-hidden />
      </button>
      <button
        type="button"
        className="btn ghost icon small"
        aria-label="Close all"
        title="Close all"
        onClick={() => onOpen(openTo(1))}
      >
        <ChevronsDownUp aria-hidden />
      </button>
      <select
        className="body-depth"
        aria-label="Open to level"
        value=""
        onChange={(event) => onOpen(openTo(Number(event.target.value)))}
      >
        <option value="" disabled hidden>
          Level
        </option>
        {DEPTHS.map((depth) => (
          <option key={depth} value={depth}>
            {depth === 1 ? '1 level' : `${depth} levels`}
          </option>
        ))}
      </select>
    </>
  );
}
