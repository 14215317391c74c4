/**
 * Channels that are programs of this machine: the desktop, and a command of the owner's, such as one that sends e-mail.
 */
import { execa, type Options } from 'execa';
import { lastLines, plainText } from '../../core/base/plain-text.ts';
import type { Notice } from '../../core/views/notices.ts';
import type { Channel } from '../../ports/channel.ts';

/** How long a program may take. */
const limitMilliseconds = 20_000;

/** The owner's command: `{title}` in its words is the notice's title, and its standard input the text. */
export function createCommandChannel(argv: readonly string[], mask: (text: string) => string): Channel {
  return programChannel('command', mask, ({ title, text }) => ({
    argv: argv.map((word) => word.split('{title}').join(title)),
    input: `${text}\n`,
  }));
}

/** `notify-send`, or on macOS `osascript`, whose words are arguments of its script so that no title is read as code. */
export function createDesktopChannel(platform: NodeJS.Platform, mask: (text: string) => string): Channel {
  return programChannel('desktop', mask, ({ kind, title, text }) => {
    if (platform !== 'darwin') {
      const urgency = kind === 'trouble' ? 'critical' : 'normal';
      return { argv: ['notify-send', '--app-name=Nocturne', `--urgency=${urgency}`, '--', title, text] };
    }
    const script = ['on run argv', 'display notification (item 2 of argv) with title (item 1 of argv)', 'end run'];
    return { argv: ['osascript', ...script.flatMap((line) => ['-e', line]), title, text] };
  });
}

interface Call {
  readonly argv: readonly string[];
  readonly input?: string;
}

function programChannel(name: string, mask: (text: string) => string, callOf: (notice: Notice) => Call): Channel {
  return {
    name,
    tell: async (notice, signal) => {
      const { argv, input = '' } = callOf(notice);
      const [file = '', ...args] = argv;
      const options = {
        input,
        timeout: limitMilliseconds,
        cancelSignal: signal,
        reject: false,
        all: true,
      } satisfies Options;
      const { failed, code, exitCode, timedOut, all = '' } = await execa(file, args, options);
      if (!failed) return { kind: 'told' };
      const why =
        code === 'ENOENT' ? 'there is no such program' : timedOut ? 'it took too long' : `exit code ${exitCode}`;
      const said = plainText(lastLines(all, 1)).trim();
      return { kind: 'failed', reason: mask(`${file}: ${why}${said === '' ? '' : `: ${said}`}`) };
    },
  };
}
