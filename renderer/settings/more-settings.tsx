/** Fields that are seldom changed: out of sight until asked for, or wrong, or meant by whoever opened Settings. */
import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { windowStore } from '../state/window-store';
import type { DraftField } from './settings-draft';
import { SETTING_NAMES } from './settings-draft';
import { settingsForm } from './settings-form';

interface MoreSettingsProps {
  readonly title: string;
  readonly fields: readonly DraftField[];
  readonly children: ReactNode;
}

export function MoreSettings({ title, fields, children }: MoreSettingsProps) {
  const [open, setOpen] = useState(false);
  const wrong = useStore(settingsForm, ({ problems }) => fields.some((field) => field in problems));
  const meant = useStore(windowStore, ({ settingsFocus }) =>
    fields.some((field) => SETTING_NAMES[field] === settingsFocus),
  );
  // Stays open when the focus has been set, and is no longer wished for.
  if (meant && !open) setOpen(true);
  const isOpen = open || wrong;
  return (
    <div className="setting-more">
      <button
        type="button"
        className="setting-more-head"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <ChevronRight aria-hidden />
        {title}
      </button>
      {isOpen && <div className="pt-3">{children}</div>}
    </div>
  );
}
