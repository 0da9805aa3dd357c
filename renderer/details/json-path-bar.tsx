/** Where the chosen value of a tree stands, to be copied. */

interface JsonPathBarProps {
  readonly path: string;
  readonly onCopyPath: () => void;
  readonly onCopyValue: () => void;
}

export function JsonPathBar({ path, onCopyPath, onCopyValue }: JsonPathBarProps) {
  return (
    <div className="body-bar body-path">
      <code title={path}>{path}</code>
      <button type="button" className="btn ghost small" onClick={onCopyPath}>
        Copy path
      </button>
      <button type="button" className="btn ghost small" onClick={onCopyValue}>
        Copy value
      </button>
    </div>
  );
}
