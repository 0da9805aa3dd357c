/** The mark: a jar with what is stored in it, line by line. */
export function JarIcon() {
  return (
    <svg
      viewBox="0 0 24 24"
      aria-hidden
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d="M7.5 2.8h9v2.9h-9zM8.5 5.7c-.2 1-3.7 2.3-3.7 5.9V18a3 3 0 0 0 3 3h8.4a3 3 0 0 0 3-3v-6.4c0-3.6-3.500-4.9-3.7-5.9M8.800 12.5h6.4M8.800 16.300h4" />
    </svg>
  );
}
