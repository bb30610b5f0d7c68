import type { WalkScene } from './walk-scene.ts';

export async function mailedToken(scene: WalkScene, email: string, link = ''): Promise<string> {
  const newest = () => {
    const mails = scene.walker.test.run.recorder.sinks('mail').map((mail) => JSON.stringify(mail));
    const mail = mails.findLast((text) => text.includes(email) && text.includes(`${link}#token=`));
    return /#token=([\w-]+)/.exec(mail ?? '')?.[1];
  };
  await scene.eventually('a mail with a link is sent', async () => newest() !== undefined);
  return newest() ?? '';
}
