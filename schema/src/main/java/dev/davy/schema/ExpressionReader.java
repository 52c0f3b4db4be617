package dev.davy.schema;

import dev.davy.schema.ExpressionText.Kind;
import dev.davy.schema.ExpressionText.Token;
import dev.davy.strict.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.CaseExpression;
import net.sf.jsqlparser.expression.NotExpression;
import net.sf.jsqlparser.expression.SignedExpression;
import net.sf.jsqlparser.expression.operators.arithmetic.Addition;
import net.sf.jsqlparser.expression.operators.arithmetic.Division;
import net.sf.jsqlparser.expression.operators.arithmetic.Multiplication;
import net.sf.jsqlparser.expression.operators.arithmetic.Subtraction;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.conditional.OrExpression;
import net.sf.jsqlparser.expression.operators.relational.Between;
import net.sf.jsqlparser.expression.operators.relational.ComparisonOperator;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.GreaterThan;
import net.sf.jsqlparser.expression.operators.relational.GreaterThanEquals;
import net.sf.jsqlparser.expression.operators.relational.InExpression;
import net.sf.jsqlparser.expression.operators.relational.IsNullExpression;
import net.sf.jsqlparser.expression.operators.relational.LikeExpression;
import net.sf.jsqlparser.expression.operators.relational.MinorThan;
import net.sf.jsqlparser.expression.operators.relational.MinorThanEquals;
import net.sf.jsqlparser.expression.operators.relational.NotEqualsTo;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Column;
import org.jspecify.annotations.Nullable;

/// Text to [Term]: JSqlParser finds the structure, this gives it meaning and types.
final class ExpressionReader {
    private static final Map<Class<?>, Term.Relation> RELATIONS =
            Map.of(
                    EqualsTo.class, Term.Relation.EQUAL,
                    NotEqualsTo.class, Term.Relation.UNEQUAL,
                    MinorThan.class, Term.Relation.LESS,
                    MinorThanEquals.class, Term.Relation.AT_MOST,
                    GreaterThan.class, Term.Relation.MORE,
                    GreaterThanEquals.class, Term.Relation.AT_LEAST);

    private static final Set<Class<?>> ARITHMETIC =
            Set.of(Addition.class, Subtraction.class, Multiplication.class, Division.class);

    private final ExpressionText text;
    private final Places places;
    private final TypeRules rules;
    private final PathTypes paths;

    private ExpressionReader(ExpressionText text, PathTypes paths) {
        this.text = text;
        this.places = new Places(text);
        this.rules = new TypeRules(text, places);
        this.paths = paths;
    }

    static Term read(ExpressionText text, PathTypes paths) {
        return new ExpressionReader(text, paths).term(Structure.of(text));
    }

    private Term term(net.sf.jsqlparser.expression.Expression node) {
        return switch (node) {
            case ParenthesedExpressionList<?> list when list.size() == 1 -> term(list.getFirst());
            case Column leaf -> leaf(leaf);
            case NotExpression not when !not.isExclamationMark() ->
                    new Term.Not(typed(not.getExpression(), Expression.Type.BOOLEAN, "not"));
            case AndExpression and -> junction(and, true);
            case OrExpression or -> junction(or, false);
            case ComparisonOperator comparison -> comparison(comparison);
            case Between between -> between(between);
            case InExpression in -> in(in);
            case LikeExpression like -> like(like);
            case IsNullExpression is ->
                    negated(is.isNot(), new Term.IsNull(term(is.getLeftExpression())));
            case Addition sum -> chain(sum);
            case Subtraction difference -> chain(difference);
            case Multiplication product -> chain(product);
            case Division quotient -> chain(quotient);
            case SignedExpression signed -> signed(signed);
            case CaseExpression of -> choice(of);
            case net.sf.jsqlparser.expression.Function call -> call(call);
            default -> throw notOffered(node);
        };
    }

    private static Term negated(boolean not, Term.Condition condition) {
        return not ? new Term.Not(condition) : condition;
    }

    private Problem notOffered(net.sf.jsqlparser.expression.Expression node) {
        return text.mistake(
                "expression-not-offered",
                places.from(node),
                "This isn't part of the language.",
                "It has comparisons, and or not, between, in, like, is null, + - * /, case, and"
                        + " the functions "
                        + String.join(", ", Term.Function.NAMES)
                        + ".");
    }

    private Term leaf(Column leaf) {
        var token = places.token(leaf);
        if (token.kind() == Kind.PATH) return new Term.Path(paths.of(token.text()), token.text());
        return switch (token.constant()) {
            case null -> throw nullHere(token);
            case Double number -> new Term.Constant(Expression.Type.NUMBER, number);
            case String text -> new Term.Constant(Expression.Type.TEXT, text);
            case Boolean flag -> new Term.Constant(Expression.Type.BOOLEAN, flag);
            case Object time -> new Term.Constant(Expression.Type.TIME, time);
        };
    }

    private Problem nullHere(Token token) {
        return text.mistake(
                "expression-wrong-type",
                token.from(),
                "Whatever is held against null is unknown, never true.",
                "Write is null or is not null; null itself may stand only behind then and else.");
    }

    private Term junction(BinaryExpression node, boolean all) {
        var of = new ArrayList<Term>();
        net.sf.jsqlparser.expression.Expression rest = node;
        // Left-deep as it comes: a long list of conditions must not become a deep recursion.
        while (rest instanceof BinaryExpression binary && binary.getClass() == node.getClass()) {
            of.add(typed(binary.getRightExpression(), Expression.Type.BOOLEAN, all ? "and" : "or"));
            rest = binary.getLeftExpression();
        }
        of.add(typed(rest, Expression.Type.BOOLEAN, all ? "and" : "or"));
        return new Term.Junction(all, List.copyOf(of.reversed()));
    }

    private Term comparison(ComparisonOperator node) {
        var relation = RELATIONS.get(node.getClass());
        if (relation == null || node.getOldOracleJoinSyntax() != 0) throw notOffered(node);
        var left = term(node.getLeftExpression());
        var right = same(left, node.getLeftExpression(), node.getRightExpression(), relation.sign);
        if (relation.ordered()) rules.ordered(left, node.getLeftExpression(), relation.sign);
        return new Term.Comparison(relation, left, right);
    }

    private Term between(Between node) {
        var of = term(node.getLeftExpression());
        rules.ordered(of, node.getLeftExpression(), "between");
        return negated(
                node.isNot(),
                new Term.Between(
                        of,
                        same(
                                of,
                                node.getLeftExpression(),
                                node.getBetweenExpressionStart(),
                                "between"),
                        same(
                                of,
                                node.getLeftExpression(),
                                node.getBetweenExpressionEnd(),
                                "between")));
    }

    private Term in(InExpression node) {
        var of = term(node.getLeftExpression());
        if (!(node.getRightExpression() instanceof ParenthesedExpressionList<?> list)
                || list.isEmpty())
            throw text.mistake(
                    "expression-malformed",
                    places.from(node.getLeftExpression()),
                    "Behind in stands a list.",
                    "Write it in parentheses: in ('A', 'B').");
        var terms = new ArrayList<Term>();
        for (var element : list) terms.add(same(of, node.getLeftExpression(), element, "in"));
        return negated(node.isNot(), new Term.In(of, List.copyOf(terms)));
    }

    private Term like(LikeExpression node) {
        if (node.getLikeKeyWord() != LikeExpression.KeyWord.LIKE || node.isUseBinary())
            throw notOffered(node);
        var of = typed(node.getLeftExpression(), Expression.Type.TEXT, "like");
        var pattern = written(node.getRightExpression(), "The pattern of a like");
        int escape = -1;
        if (node.getEscape() != null) {
            var character = written(node.getEscape(), "The escape character");
            if (character.codePointCount(0, character.length()) != 1)
                throw text.mistake(
                        "expression-malformed",
                        places.from(node.getEscape()),
                        "The escape character is one character.",
                        "Write escape '!'.");
            escape = character.codePointAt(0);
        }
        var read = LikePattern.read(pattern, escape);
        return negated(
                node.isNot(),
                new Term.Like(
                        of,
                        read.orElseThrow(() ->
                                text.mistake(
                                        "expression-malformed",
                                        places.from(node.getRightExpression()),
                                        "The escape character stands before neither %, _"
                                                + " nor itself.",
                                        "Double it where it is meant as it is."))));
    }

    private String written(net.sf.jsqlparser.expression.Expression node, String what) {
        if (node instanceof Column leaf && places.token(leaf).constant() instanceof String written)
            return written;
        throw text.mistake(
                "expression-malformed",
                places.from(node),
                what + " is a text written out in single quotes.",
                "Write like 'ABC%'.");
    }

    private Term chain(BinaryExpression node) {
        boolean sum = operator(node).sum();
        var steps = new ArrayList<Term.Chain.Step>();
        net.sf.jsqlparser.expression.Expression rest = node;
        while (rest instanceof BinaryExpression binary
                && ARITHMETIC.contains(binary.getClass())
                && operator(binary).sum() == sum) {
            var operator = operator(binary);
            var operand =
                    typed(
                            binary.getRightExpression(),
                            Expression.Type.NUMBER,
                            String.valueOf(operator.sign));
            steps.add(new Term.Chain.Step(operator, operand));
            rest = binary.getLeftExpression();
        }
        var sign = String.valueOf(steps.getLast().operator().sign);
        var first = typed(rest, Expression.Type.NUMBER, sign);
        return new Term.Chain(first, List.copyOf(steps.reversed()));
    }

    private static Term.Operator operator(BinaryExpression node) {
        return switch (node) {
            case Addition _ -> Term.Operator.PLUS;
            case Subtraction _ -> Term.Operator.MINUS;
            case Multiplication _ -> Term.Operator.TIMES;
            case Division _ -> Term.Operator.OVER;
            default -> throw new IllegalStateException(node + " is no arithmetic");
        };
    }

    private Term signed(SignedExpression node) {
        return switch (node.getSign()) {
            case '-' -> new Term.Negative(typed(node.getExpression(), Expression.Type.NUMBER, "-"));
            case '+' -> typed(node.getExpression(), Expression.Type.NUMBER, "+");
            default -> throw notOffered(node);
        };
    }

    private Term choice(CaseExpression node) {
        var switched = node.getSwitchExpression();
        var of = switched == null ? null : term(switched);
        var clauses = node.getWhenClauses();
        var branches = new ArrayList<net.sf.jsqlparser.expression.Expression>();
        clauses.forEach(clause -> branches.add(clause.getThenExpression()));
        if (node.getElseExpression() != null) branches.add(node.getElseExpression());
        var thens = branches(node, branches);
        var whens = new ArrayList<Term.Case.When>();
        for (int i = 0; i < clauses.size(); i++) {
            var when = clauses.get(i).getWhenExpression();
            whens.add(
                    new Term.Case.When(
                            of == null || switched == null
                                    ? typed(when, Expression.Type.BOOLEAN, "when")
                                    : same(of, switched, when, "case"),
                            thens.get(i)));
        }
        var otherwise = node.getElseExpression() == null ? null : thens.getLast();
        return new Term.Case(thens.getFirst().type(), of, List.copyOf(whens), otherwise);
    }

    /// What a case may come to, all of one type: that of the first that isn't `null`.
    private List<Term> branches(
            CaseExpression node, List<net.sf.jsqlparser.expression.Expression> branches) {
        Term first = null;
        net.sf.jsqlparser.expression.Expression firstNode = null;
        var terms = new ArrayList<@Nullable Term>();
        for (var branch : branches) {
            if (isNull(branch)) {
                terms.add(null);
            } else if (first == null || firstNode == null) {
                first = term(branch);
                firstNode = branch;
                terms.add(first);
            } else {
                terms.add(same(first, firstNode, branch, "case"));
            }
        }
        if (first == null)
            throw text.mistake(
                    "expression-wrong-type",
                    places.from(node),
                    "All that this case can come to is null.",
                    "Give it a value behind then.");
        var nothing = new Term.Constant(first.type(), null);
        return terms.stream().<Term>map(term -> term == null ? nothing : term).toList();
    }

    private boolean isNull(net.sf.jsqlparser.expression.Expression node) {
        if (!(node instanceof Column leaf)) return false;
        var token = places.token(leaf);
        return token.kind() == Kind.CONSTANT && token.constant() == null;
    }

    private Term call(net.sf.jsqlparser.expression.Function node) {
        var token = places.token(node);
        var function = Term.Function.of(token.text());
        var given = node.getParameters() == null ? new ExpressionList<>() : node.getParameters();
        if (given.size() < function.argumentsMin || given.size() > function.argumentsMax)
            throw text.mistake(
                    "expression-malformed",
                    token.from(),
                    "%s is given %d arguments.".formatted(token.text(), given.size()),
                    function.argumentsMax == 1
                            ? "Give it one."
                            : "Give it at least " + function.argumentsMin + ".");
        var first = given.getFirst();
        var arguments = new ArrayList<Term>();
        arguments.add(
                function.takes().isPresent()
                        ? typed(first, function.takes().get(), token.text())
                        : term(first));
        for (var argument : given.subList(1, given.size()))
            arguments.add(same(arguments.getFirst(), first, argument, token.text()));
        if (function.ordered()) rules.ordered(arguments.getFirst(), first, token.text());
        return new Term.Call(
                function.gives(arguments.getFirst().type()), function, List.copyOf(arguments));
    }

    private Term typed(
            net.sf.jsqlparser.expression.Expression node, Expression.Type type, String word) {
        return rules.typed(term(node), node, type, word);
    }

    private Term same(
            Term like,
            net.sf.jsqlparser.expression.Expression likeNode,
            net.sf.jsqlparser.expression.Expression node,
            String word) {
        return rules.same(like, likeNode, term(node), node, word);
    }
}
