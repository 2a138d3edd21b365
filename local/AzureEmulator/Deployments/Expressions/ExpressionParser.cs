using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Orchestrator.Local.AzureEmulator.Deployments.Expressions;

/// <summary>Reads the language between the brackets of a template string: calls, literals, member and index access.</summary>
internal sealed class ExpressionParser
{
    private readonly string _text;
    private int _at;

    private ExpressionParser(string text) => _text = text;

    /// <summary>A string is an expression when it stands in brackets; <c>[[</c> at its start is a bracket that is meant.</summary>
    public static bool IsExpression(string text) => text.Length > 1 && text[0] == '[' && text[1] != '[' && text[^1] == ']';

    /// <exception cref="TemplateException">The text is no expression.</exception>
    public static Expression Parse(string text)
    {
        var parser = new ExpressionParser(text[1..^1]);
        var expression = parser.Chain();
        parser.Blanks();
        if (parser._at < parser._text.Length) throw parser.Unexpected();
        return expression;
    }

    private Expression Chain()
    {
        var expression = Primary();
        while (true)
        {
            Blanks();
            if (Take('.')) expression = new Access(expression, new Literal(Identifier()));
            else if (Take('[')) expression = new Access(expression, Closed(']'));
            else return expression;
        }
    }

    private Expression Closed(char bracket)
    {
        var inner = Chain();
        Blanks();
        return Take(bracket) ? inner : throw Unexpected();
    }

    private Expression Primary()
    {
        Blanks();
        if (_at >= _text.Length) throw Unexpected();
        if (_text[_at] == '\'') return new Literal(Text());
        if (char.IsAsciiDigit(_text[_at]) || _text[_at] == '-') return new Literal(Number());
        var name = Identifier();
        Blanks();
        if (!Take('(')) throw Unexpected();
        var arguments = new List<Expression>();
        Blanks();
        if (Take(')')) return new Call(name, arguments);
        while (true)
        {
            arguments.Add(Chain());
            Blanks();
            if (Take(')')) return new Call(name, arguments);
            if (!Take(',')) throw Unexpected();
        }
    }

    private JsonValue Text()
    {
        var text = new StringBuilder();
        for (_at++; _at < _text.Length; _at++)
        {
            if (_text[_at] != '\'')
            {
                text.Append(_text[_at]);
            }
            else if (_at + 1 < _text.Length && _text[_at + 1] == '\'')
            {
                text.Append('\'');
                _at++;
            }
            else
            {
                _at++;
                return JsonValue.Create(text.ToString());
            }
        }

        throw Unexpected();
    }

    private JsonValue Number()
    {
        var start = _at++;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
        return JsonValue.Create(long.Parse(_text.AsSpan(start, _at - start), CultureInfo.InvariantCulture));
    }

    private string Identifier()
    {
        Blanks();
        var start = _at;
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '_' or '$')) _at++;
        return _at > start ? _text[start.._at] : throw Unexpected();
    }

    private void Blanks()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
    }

    private bool Take(char wanted)
    {
        if (_at >= _text.Length || _text[_at] != wanted) return false;
        _at++;
        return true;
    }

    private TemplateException Unexpected() =>
        new($"Unable to parse language expression '{_text}': unexpected {(_at < _text.Length ? $"'{_text[_at]}' at position {_at}" : "end")}.");
}
