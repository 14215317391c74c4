import { describe, expect, it } from 'vitest';
import { agentFor, agents } from '../../../../src/adapters/researchers/command/agents.ts';

describe('the shipped templates', () => {
  it.each(agents)(
    '$name is told its task, and its template names no variable that every agent gets',
    ({ name, argv, env }) => {
      expect(argv[0]).toBe(name);
      expect(argv.some((argument) => argument === '{prompt}' || argument === '{prompt_file}')).toBe(true);
      expect(argv.filter((argument) => /dangerous|yolo|bypass/.test(argument))).toEqual([]);
      expect(env).not.toContain('PATH');
    },
  );

  it("the owner's own command of a known agent gets its variables without its flags, and any other command nothing", () => {
    const claude = agentFor(['claude']);
    expect(claude).toBe(agents[0]);
    const own = ['claude', '-p', '{prompt}', '--model', 'opus'] as const;
    const { name, env, leftovers, home } = claude;
    expect(agentFor(own)).toEqual({ name, env, leftovers, home, set: claude.set, argv: own });
    expect(agentFor(['mini'])).toBe(agents.find((agent) => agent.name === 'mini-swe-agent'));
    expect(agentFor(['/opt/agents/mine', '{prompt}'])).toMatchObject({ name: 'mine', env: [], leftovers: [] });
  });
});
