import type { MailLanguage } from '../../contract/schemas/mail-language.ts';

export interface MailTexts {
  readonly urgent: {
    readonly subject: (tenant: string) => string;
    readonly paragraphs: (tenant: string) => readonly string[];
    /** Of the conversation's id. */
    readonly conversation: string;
    readonly step: string;
    readonly open: string;
  };
  readonly answer: {
    readonly subject: string;
    readonly from: (tenant: string) => string;
    readonly unnamed: string;
    readonly open: string;
    readonly once: string;
    readonly noMore: string;
  };
  readonly digest: {
    readonly subject: (tenant: string) => string;
    readonly paragraph: (tenant: string) => string;
    readonly mentions: string;
    readonly assignments: string;
    readonly open: string;
    readonly unsubscribe: string;
  };
}

const en: MailTexts = {
  urgent: {
    subject: (tenant) => `Urgent: a conversation at ${tenant} needs a person`,
    paragraphs: (tenant) => [
      `An urgent message at ${tenant} has no answer, and nobody has acknowledged it.`,
      'Please open the conversation and acknowledge it. Until then, the service keeps alerting people.',
    ],
    conversation: 'Conversation',
    step: 'Step of the escalation',
    open: 'Open the conversation',
  },
  answer: {
    subject: 'You have an answer',
    from: (tenant) => `${tenant} has answered your message.`,
    unnamed: 'There is an answer to your message.',
    open: 'Read the answer',
    once: 'The link works once, for 24 hours. Do not forward this mail.',
    noMore: 'No more of these mails',
  },
  digest: {
    subject: (tenant) => `${tenant}: unread notifications`,
    paragraph: (tenant) => `You have unread notifications at ${tenant}.`,
    mentions: 'Mentions',
    assignments: 'Assignments',
    open: 'Open the application',
    unsubscribe: 'No more of these mails',
  },
};

const de: MailTexts = {
  urgent: {
    subject: (tenant) => `Dringend: Eine Unterhaltung bei ${tenant} braucht einen Menschen`,
    paragraphs: (tenant) => [
      `Eine dringende Nachricht bei ${tenant} ist unbeantwortet, und niemand hat sie bestätigt.`,
      'Bitte öffnen und bestätigen Sie die Unterhaltung. Bis dahin werden weiter Menschen alarmiert.',
    ],
    conversation: 'Unterhaltung',
    step: 'Stufe der Eskalation',
    open: 'Unterhaltung öffnen',
  },
  answer: {
    subject: 'Sie haben eine Antwort',
    from: (tenant) => `${tenant} hat Ihre Nachricht beantwortet.`,
    unnamed: 'Es gibt eine Antwort auf Ihre Nachricht.',
    open: 'Antwort lesen',
    once: 'Der Link funktioniert einmal, 24 Stunden lang. Leiten Sie diese Mail nicht weiter.',
    noMore: 'Keine solchen Mails mehr',
  },
  digest: {
    subject: (tenant) => `${tenant}: ungelesene Benachrichtigungen`,
    paragraph: (tenant) => `Sie haben ungelesene Benachrichtigungen bei ${tenant}.`,
    mentions: 'Erwähnungen',
    assignments: 'Zuweisungen',
    open: 'Anwendung öffnen',
    unsubscribe: 'Keine solchen Mails mehr',
  },
};

const fr: MailTexts = {
  urgent: {
    subject: (tenant) => `Urgent : une conversation chez ${tenant} a besoin de quelqu’un`,
    paragraphs: (tenant) => [
      `Un message urgent chez ${tenant} est sans réponse et personne ne l’a pris en charge.`,
      'Veuillez ouvrir la conversation et la prendre en charge. D’ici là, les alertes continuent.',
    ],
    conversation: 'Conversation',
    step: 'Étape de l’escalade',
    open: 'Ouvrir la conversation',
  },
  answer: {
    subject: 'Vous avez une réponse',
    from: (tenant) => `${tenant} a répondu à votre message.`,
    unnamed: 'Il y a une réponse à votre message.',
    open: 'Lire la réponse',
    once: 'Le lien fonctionne une seule fois, pendant 24 heures. Ne transférez pas ce message.',
    noMore: 'Ne plus recevoir ces messages',
  },
  digest: {
    subject: (tenant) => `${tenant} : notifications non lues`,
    paragraph: (tenant) => `Vous avez des notifications non lues chez ${tenant}.`,
    mentions: 'Mentions',
    assignments: 'Attributions',
    open: 'Ouvrir l’application',
    unsubscribe: 'Ne plus recevoir ces messages',
  },
};

const es: MailTexts = {
  urgent: {
    subject: (tenant) => `Urgente: una conversación en ${tenant} necesita a una persona`,
    paragraphs: (tenant) => [
      `Un mensaje urgente en ${tenant} está sin respuesta y nadie lo ha confirmado.`,
      'Abra la conversación y confírmela. Hasta entonces, el servicio sigue avisando a más personas.',
    ],
    conversation: 'Conversación',
    step: 'Nivel de la escalada',
    open: 'Abrir la conversación',
  },
  answer: {
    subject: 'Tiene una respuesta',
    from: (tenant) => `${tenant} ha respondido a su mensaje.`,
    unnamed: 'Hay una respuesta a su mensaje.',
    open: 'Leer la respuesta',
    once: 'El enlace funciona una sola vez, durante 24 horas. No reenvíe este correo.',
    noMore: 'No recibir más correos como este',
  },
  digest: {
    subject: (tenant) => `${tenant}: notificaciones sin leer`,
    paragraph: (tenant) => `Tiene notificaciones sin leer en ${tenant}.`,
    mentions: 'Menciones',
    assignments: 'Asignaciones',
    open: 'Abrir la aplicación',
    unsubscribe: 'No recibir más correos como este',
  },
};

const it: MailTexts = {
  urgent: {
    subject: (tenant) => `Urgente: una conversazione presso ${tenant} ha bisogno di una persona`,
    paragraphs: (tenant) => [
      `Un messaggio urgente presso ${tenant} è senza risposta e nessuno lo ha preso in carico.`,
      'Apra la conversazione e la prenda in carico. Fino ad allora gli avvisi continuano.',
    ],
    conversation: 'Conversazione',
    step: 'Livello dell’escalation',
    open: 'Apri la conversazione',
  },
  answer: {
    subject: 'Ha ricevuto una risposta',
    from: (tenant) => `${tenant} ha risposto al Suo messaggio.`,
    unnamed: 'C’è una risposta al Suo messaggio.',
    open: 'Leggi la risposta',
    once: 'Il link funziona una sola volta, per 24 ore. Non inoltri questa e-mail.',
    noMore: 'Non ricevere più queste e-mail',
  },
  digest: {
    subject: (tenant) => `${tenant}: notifiche non lette`,
    paragraph: (tenant) => `Ha notifiche non lette presso ${tenant}.`,
    mentions: 'Menzioni',
    assignments: 'Assegnazioni',
    open: 'Apri l’applicazione',
    unsubscribe: 'Non ricevere più queste e-mail',
  },
};

const pt: MailTexts = {
  urgent: {
    subject: (tenant) => `Urgente: uma conversa em ${tenant} precisa de uma pessoa`,
    paragraphs: (tenant) => [
      `Uma mensagem urgente em ${tenant} está sem resposta e ninguém a confirmou.`,
      'Abra a conversa e confirme-a. Até lá, o serviço continua a alertar mais pessoas.',
    ],
    conversation: 'Conversa',
    step: 'Nível do escalonamento',
    open: 'Abrir a conversa',
  },
  answer: {
    subject: 'Tem uma resposta',
    from: (tenant) => `${tenant} respondeu à sua mensagem.`,
    unnamed: 'Há uma resposta à sua mensagem.',
    open: 'Ler a resposta',
    once: 'A ligação funciona uma só vez, durante 24 horas. Não reencaminhe este e-mail.',
    noMore: 'Não receber mais destes e-mails',
  },
  digest: {
    subject: (tenant) => `${tenant}: notificações por ler`,
    paragraph: (tenant) => `Tem notificações por ler em ${tenant}.`,
    mentions: 'Menções',
    assignments: 'Atribuições',
    open: 'Abrir a aplicação',
    unsubscribe: 'Não receber mais destes e-mails',
  },
};

const uk: MailTexts = {
  urgent: {
    subject: (tenant) => `Терміново: розмова в ${tenant} потребує людини`,
    paragraphs: (tenant) => [
      `Термінове повідомлення в ${tenant} залишається без відповіді, і ніхто його не підтвердив.`,
      'Відкрийте розмову й підтвердьте її. Доти сервіс і далі сповіщатиме людей.',
    ],
    conversation: 'Розмова',
    step: 'Крок ескалації',
    open: 'Відкрити розмову',
  },
  answer: {
    subject: 'Ви отримали відповідь',
    from: (tenant) => `${tenant}: є відповідь на ваше повідомлення.`,
    unnamed: 'Є відповідь на ваше повідомлення.',
    open: 'Прочитати відповідь',
    once: 'Посилання працює один раз, протягом 24 годин. Не пересилайте цей лист.',
    noMore: 'Більше не надсилати таких листів',
  },
  digest: {
    subject: (tenant) => `${tenant}: непрочитані сповіщення`,
    paragraph: (tenant) => `У вас є непрочитані сповіщення в ${tenant}.`,
    mentions: 'Згадки',
    assignments: 'Призначення',
    open: 'Відкрити застосунок',
    unsubscribe: 'Більше не надсилати таких листів',
  },
};

const ar: MailTexts = {
  urgent: {
    subject: (tenant) => `عاجل: محادثة لدى ${tenant} تحتاج إلى شخص`,
    paragraphs: (tenant) => [
      `هناك رسالة عاجلة لدى ${tenant} بلا رد، ولم يؤكد أحد استلامها.`,
      'يرجى فتح المحادثة وتأكيد استلامها. وحتى ذلك الحين تستمر التنبيهات.',
    ],
    conversation: 'المحادثة',
    step: 'درجة التصعيد',
    open: 'فتح المحادثة',
  },
  answer: {
    subject: 'وصلك رد',
    from: (tenant) => `وصلك رد على رسالتك من ${tenant}.`,
    unnamed: 'وصلك رد على رسالتك.',
    open: 'قراءة الرد',
    once: 'يعمل الرابط مرة واحدة خلال 24 ساعة. لا تُعد توجيه هذه الرسالة.',
    noMore: 'إيقاف هذه الرسائل',
  },
  digest: {
    subject: (tenant) => `${tenant}: إشعارات غير مقروءة`,
    paragraph: (tenant) => `لديك إشعارات غير مقروءة لدى ${tenant}.`,
    mentions: 'الإشارات إليك',
    assignments: 'المهام المسندة إليك',
    open: 'فتح التطبيق',
    unsubscribe: 'إيقاف هذه الرسائل',
  },
};

export const mailTexts: Readonly<Record<MailLanguage, MailTexts>> = { en, de, fr, es, it, pt, uk, ar };
