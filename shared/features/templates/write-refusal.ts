import { shortcutTaken, templateKeyTaken, templateLimitReached } from '../../contract/templates/problems.ts';
import { refuse } from '../../core/refusal.ts';
import { mostTemplates } from './template-rules.ts';
import type { TemplateWrite } from './template-store.ts';

export function refusalOf(write: Exclude<TemplateWrite, 'written' | 'changed'>) {
  switch (write) {
    case 'key-taken':
      return refuse(templateKeyTaken, {
        errors: [{ pointer: '/key', code: 'taken', detail: 'is the key of another template in this language' }],
      });
    case 'shortcut-taken':
      return refuse(shortcutTaken, {
        errors: [
          { pointer: '/shortcut', code: 'taken', detail: 'is the shortcut of another template in this language' },
        ],
      });
    case 'full':
      return refuse(templateLimitReached, {
        detail: `There are already ${mostTemplates} templates. Delete one first.`,
      });
  }
}
