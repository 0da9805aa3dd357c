/** The mark: a jar. */
export function JarIcon() {
  return (
    <svg
      viewBox="0 0 24 24"
      aria-hidden
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinejoin="round"
    >
      <path d="M7 3h10v3H7zM8 6v1.2C6.3 8 5 9.6 5 11.6V18a3 3 0 0 0 3 3h8a3 3 0 0 0 3-3v-6.4c0-2-1.3-3.6-3-4.4V6M5 14h14" />
    </svg>
  );
}
