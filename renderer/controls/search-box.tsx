import { Search, X } from 'lucide-react';
import { FILTER_BOX } from '../app/window-commands';

interface SearchBoxProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A searchbox with a button to empty it; Escape empties it as well. */
export function SearchBox({ label, placeholder, value, onChange }: SearchBoxProps) {
  return (
    <div className="search-box">
      <Search aria-hidden />
      <input
        type="search"
        className="input"
        aria-label={label}
        placeholder={placeholder}
        value={value}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onChange('')}
        {...{ [FILTER_BOX]: '' }}
      />
      {value !== '' && (
        <button
          type="button"
          className="btn ghost icon small absolute right-0.5"
          aria-label={`Empty ${label.toLowerCase()}`}
          onClick={() => onChange('')}
        >
          <X aria-hidden />
        </button>
      )}
    </div>
  );
}
