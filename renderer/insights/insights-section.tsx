import type { ReactNode } from 'react';

export function InsightsSection({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <section className="mt-8">
      <h2 className="mb-3">{title}</h2>
      {children}
    </section>
  );
}
