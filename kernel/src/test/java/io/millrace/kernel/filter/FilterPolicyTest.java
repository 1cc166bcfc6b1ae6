package io.millrace.kernel.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.AttributeType;
import io.millrace.kernel.Statement;
import io.millrace.kernel.filter.Policies.Attribute;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class FilterPolicyTest {
    private final Policies policies = new Policies();

    @Test
    @Statement("N3")
    void shouldCompareValuesExactly() {
        assertPasses("{'a':['x']}", "{'a':'x'}");
        assertPasses("{'a':['y','x']}", "{'a':'x'}");
        assertStops("{'a':['x']}", "{'a':'xy'}", "{'a':'X'}", "{'a':1}", "{'b':'x'}", "{'a':{'a':'x'}}");
        assertPasses("{'a':[true]}", "{'a':true}");
        assertPasses("{'a':[false]}", "{'a':false}");
        assertPasses("{'a':[null]}", "{'a':null}");
        assertStops("{'a':[null]}", "{}", "{'a':'null'}", "{'a':false}");
        assertPasses("{'a':[1.5]}", "{'a':1.5}", "{'a':1.50}", "{'a':15e-1}", "{'a':0.15E1}");
        assertStops("{'a':[1.5]}", "{'a':'1.5'}", "{'a':1.51}", "{'a':-1.5}");
        assertPasses("{'a':[0]}", "{'a':-0}", "{'a':0.0e7}");
    }

    @Test
    @Statement("N3")
    void shouldCompareBeginningsAndEndings() {
        assertPasses("{'a':[{'prefix':'ab'}]}", "{'a':'ab'}", "{'a':'abc'}");
        assertStops("{'a':[{'prefix':'ab'}]}", "{'a':'a'}", "{'a':'Abc'}", "{'a':1}");
        assertPasses("{'a':[{'suffix':'.png'}]}", "{'a':'.png'}", "{'a':'x.png'}");
        assertStops("{'a':[{'suffix':'.png'}]}", "{'a':'png'}", "{'a':'.png '}");
        assertPasses("{'a':[{'equals-ignore-case':'Ärger'}]}", "{'a':'äRGER'}");
        assertStops("{'a':[{'equals-ignore-case':'Ärger'}]}", "{'a':'äRGERE'}", "{'a':'arger'}");
    }

    @Test
    @Statement("N3")
    void shouldExcludeValues() {
        assertPasses("{'a':[{'anything-but':'x'}]}", "{'a':'y'}", "{'a':1}", "{'a':null}");
        assertStops("{'a':[{'anything-but':'x'}]}", "{'a':'x'}", "{}");
        assertStops("{'a':[{'anything-but':['x','y']}]}", "{'a':'x'}", "{'a':'y'}");
        assertPasses("{'a':[{'anything-but':[1,2]}]}", "{'a':3}", "{'a':'1'}");
        assertStops("{'a':[{'anything-but':[1,2]}]}", "{'a':1.0}", "{'a':2}");
        assertPasses("{'a':[{'anything-but':{'prefix':'x'}}]}", "{'a':'yx'}", "{'a':5}");
        assertStops("{'a':[{'anything-but':{'prefix':'x'}}]}", "{'a':'xy'}");
    }

    @Test
    @Statement("N3")
    void shouldCompareNumbers() {
        assertPasses("{'a':[{'numeric':['=',3.018e2]}]}", "{'a':301.8}");
        assertPasses("{'a':[{'numeric':['<',0]}]}", "{'a':-1}");
        assertStops("{'a':[{'numeric':['<',0]}]}", "{'a':0}", "{'a':'-1'}");
        assertPasses("{'a':[{'numeric':['<=',0]}]}", "{'a':0}");
        assertPasses("{'a':[{'numeric':['>',10]}]}", "{'a':10.0000000000000000000001}");
        assertStops("{'a':[{'numeric':['>',10]}]}", "{'a':10}");
        assertPasses("{'a':[{'numeric':['>=',10]}]}", "{'a':10}");
        assertPasses("{'a':[{'numeric':['>',0,'<=',5]}]}", "{'a':5}", "{'a':0.1}");
        assertStops("{'a':[{'numeric':['>',0,'<=',5]}]}", "{'a':0}", "{'a':5.1}");
    }

    @Test
    @Statement("N3")
    void shouldKnowAddresses() {
        assertPasses("{'a':[{'cidr':'10.0.0.0/24'}]}", "{'a':'10.0.0.0'}", "{'a':'10.0.0.255'}");
        assertStops("{'a':[{'cidr':'10.0.0.0/24'}]}", "{'a':'10.0.1.0'}", "{'a':'10.0.0'}", "{'a':'::10'}");
        assertPasses("{'a':[{'cidr':'2001:db8::/32'}]}", "{'a':'2001:db8::1'}", "{'a':'2001:DB8:1:2:3:4:5:6'}");
        assertStops("{'a':[{'cidr':'2001:db8::/32'}]}", "{'a':'2001:db9::1'}", "{'a':'2001:db8:::1'}");
    }

    @Test
    @Statement("N3")
    void shouldSatisfyOneAlternativeOfAnOr() {
        final String policy = "{'s':['aws'],'$or':[{'a':[1]},{'b':['x'],'c':['y']}]}";
        assertPasses(policy, "{'s':'aws','a':1}", "{'s':'aws','b':'x','c':'y'}");
        assertStops(policy, "{'a':1}", "{'s':'aws','b':'x'}", "{'s':'aws','a':2,'c':'y'}");
        final String nested = "{'o':{'$or':[{'a':[1]},{'$or':[{'b':[2]},{'c':[3]}]}]}}";
        assertPasses(nested, "{'o':{'a':1}}", "{'o':{'b':2}}", "{'o':{'c':3}}");
        assertStops(nested, "{'o':{'b':1}}", "{'a':1}");
    }

    @Test
    @Statement("N3")
    void shouldTakeAnOrOfOneAlternativeOrWithAReservedWordForAKey() {
        assertPasses("{'$or':[{'prefix':'x'}]}", "{'$or':'xy'}");
        assertPasses("{'$or':[{'prefix':'x'},{'suffix':'y'}]}", "{'$or':'xz'}", "{'$or':'zy'}");
        assertStops("{'$or':[{'prefix':'x'},{'suffix':'y'}]}", "{'prefix':'x'}");
    }

    @Test
    @Statement("N4")
    void shouldCountCombinations() {
        assertEquals(12, combinations("{'a':[1,2,3],'b':[1,2,3,4]}", FilterScope.ATTRIBUTES));
        assertEquals(6, combinations("{'a':{'b':[1,2,3]}}", FilterScope.BODY));
        assertEquals(18, combinations("{'$or':[{'a':[1,2,3],'b':[1,2,3,4]},{'a':{'b':[1,2,3]}}]}", FilterScope.BODY));
        assertEquals(
                150, combinations("{'a':[1,2,3,4,5,6],'b':{'c':{'d':{'e':{'f':[1,2,3,4,5]}}}}}", FilterScope.BODY));
    }

    @Test
    @Statement("N5")
    void shouldNeedEveryKeyAndOneOfItsValues() {
        assertPasses("{'a':[1,2],'b':[3,4]}", "{'a':2,'b':3}", "{'a':[9,1],'b':[9,4]}");
        assertStops("{'a':[1,2],'b':[3,4]}", "{'a':2}", "{'a':2,'b':2}", "{'a':3,'b':3}");
        assertPasses(
                "{'a':{'b':['x']}}", "{'a':{'b':['y','x']}}", "{'a':[{'b':'y'},{'b':'x'}]}", "{'a':{'b':[['x']]}}");
    }

    @Test
    @Statement("N5")
    void shouldStopABodyThatIsNoObject() {
        assertStops("{'a':[{'exists':false}]}", "", "[]", "'a'", "{'b':1", "{'b':1} x", "{'b':'\\ud800'}");
        assertPasses("{'a':[{'exists':false}]}", "{}", " {'b':1} ");
    }

    @Test
    @Statement("N5")
    void shouldJudgeAttributes() {
        final Attribute price = Attribute.number("price", "+12.50");
        final Attribute store = Attribute.string("store", "12.5");
        final Attribute tags = Attribute.array("tags", "['red', 7, null, true]".replace('\'', '"'));
        assertTrue(attributes("{'price':[12.5]}", price, store, tags));
        assertFalse(attributes("{'store':[12.5]}", price, store, tags));
        assertTrue(attributes("{'store':['12.5'],'price':[{'numeric':['>',12,'<',13]}]}", price, store, tags));
        assertTrue(attributes("{'tags':['red'],'none':[{'exists':false}]}", price, store, tags));
        assertTrue(attributes("{'tags':[7]}", tags));
        assertTrue(attributes("{'tags':[true]}", tags));
        assertTrue(attributes("{'tags':[null]}", tags));
        assertFalse(attributes("{'tags':[false]}", tags));
        assertFalse(attributes("{'price':[12.5],'other':[1]}", price, store, tags));
        assertFalse(attributes("{'a':[{'exists':true}]}", new Attribute("a", AttributeType.BINARY, "", "x")));
        assertFalse(attributes("{'a':[{'exists':true}]}", Attribute.array("a", "[1")));
        assertFalse(attributes("{'a':[1]}", Attribute.array("a", "[1,[1]]")));
        assertTrue(attributes("{'a.b':[1]}", Attribute.number("a.b", "1")));
    }

    @Test
    @Statement("N6")
    void shouldTakeADotForAStepOrForADot() {
        final String policy = "{'a.b':['x']}";
        assertPasses(
                policy, "{'a.b':'x'}", "{'a':{'b':'x'}}", "{'a':{'b':'y'},'a.b':'x'}", "{'a.b':'y','a':{'b':'x'}}");
        assertStops(policy, "{'a':'x','b':'x'}", "{'a':{'c':'x'}}", "{'a.b.c':'x'}");
        assertPasses("{'a':{'b':{'c':[1]}}}", "{'a.b':{'c':1}}", "{'a':{'b.c':1}}", "{'a.b.c':1}");
    }

    @Test
    @Statement("N7")
    void shouldPassAnArrayWithAnyElementThatIsNotExcluded() {
        assertPasses("{'s':[{'anything-but':'rugby'}]}", "{'s':['rugby','baseball']}");
        assertStops("{'s':[{'anything-but':['rugby','baseball']}]}", "{'s':['rugby','baseball']}");
        assertPasses("{'s':[{'exists':false}]}", "{'t':1}", "{'s':[]}", "{'s':{'t':1}}");
        assertStops("{'s':[{'exists':false}]}", "{'s':null}", "{'s':[1]}");
        assertPasses("{'s':[{'exists':true}]}", "{'s':null}", "{'s':[1]}");
        assertPasses("{'s':[{'exists':false},'x']}", "{'s':'x'}", "{}");
        assertStops("{'s':[{'exists':false},'x']}", "{'s':'y'}");
    }

    @Test
    @Statement("N8")
    void shouldCompareNumbersOfAnySizeExactly() {
        assertPasses("{'a':[{'numeric':['>',1000000000]}]}", "{'a':1e400}", "{'a':1000000000.000001}");
        assertStops("{'a':[123456789012345678901234567890]}", "{'a':123456789012345678901234567891}");
        assertPasses("{'a':[123456789012345678901234567890]}", "{'a':12345678901234567890123456789e1}");
        assertPasses("{'a':[{'numeric':['<',-1000000000]}]}", "{'a':-1e999999999999999999999}");
        assertStops("{'a':[{'numeric':['>',0]}]}", "{'a':-1e-999999999999999999999}");
    }

    /** A body like {@code {"items": [{...}, {...}]}}: one element has to satisfy all keys that lead into it, as in event-ruler. */
    @Test
    @Statement("N5")
    void shouldSatisfyKeysOfOneArrayByOneElement() {
        final String policy = "{'i':{'a':[1],'b':[2]}}";
        assertPasses(policy, "{'i':[{'a':1,'b':3},{'a':1,'b':2}]}", "{'i':{'a':1,'b':2}}");
        assertStops(policy, "{'i':[{'a':1,'b':3},{'a':2,'b':2}]}", "{'i':[{'a':1},{'b':2}]}");
        final String deep = "{'i':{'j':{'a':[1],'b':[2]},'c':[3]}}";
        assertPasses(
                deep, "{'i':[{'j':[{'a':1,'b':3},{'a':1,'b':2}],'c':3}]}", "{'i':[[[{'j':[[{'a':1,'b':2}]],'c':3}]]]}");
        assertStops(deep, "{'i':[{'j':[{'a':1,'b':3},{'a':1,'b':2}],'c':4},{'j':[],'c':3}]}");
        final String valueAndMember = "{'i':[5],'$or':[{'i':{'a':[1]}},{'c':[3]}]}";
        assertStops(valueAndMember, "{'i':[5,{'a':1}]}", "{'i':[[5],[{'a':1}]]}", "{'i':[[5,{'a':1}]]}");
        assertPasses(valueAndMember, "{'i':[5,{'a':1}],'c':3}");
    }

    @Test
    void shouldTakeEveryValueOfANameThatRepeats() {
        assertPasses("{'a':[1]}", "{'a':2,'a':1}", "{'a':1,'a':2}");
        assertPasses("{'a':{'b':[1],'c':[2]}}", "{'a':{'b':1},'a':{'c':2}}", "{'a':{'b':1,'b':3,'c':2}}");
        assertStops("{'a':{'b':[1],'c':[2]}}", "{'a':{'b':1},'a':{'c':3}}");
    }

    @Test
    void shouldCompareDecodedTexts() {
        assertPasses("{'a':['\\u00e4\\n\\\\']}", "{'a':'ä\\u000a\\\\'}");
        assertPasses("{'\\u0061':['😀']}", "{'a':'\\uD83D\\uDE00'}");
    }

    private void assertPasses(final String policy, final String... bodies) {
        for (final String body : bodies) {
            assertTrue(policies.matchesBody(quoted(policy), quoted(body)), () -> body + " does not pass " + policy);
        }
    }

    private void assertStops(final String policy, final String... bodies) {
        for (final String body : bodies) {
            assertFalse(policies.matchesBody(quoted(policy), quoted(body)), () -> body + " passes " + policy);
        }
    }

    private boolean attributes(final String policy, final Attribute... attributes) {
        return policies.matchesAttributes(quoted(policy), attributes);
    }

    private int combinations(final String policy, final FilterScope scope) {
        return policies.program(quoted(policy), scope).getShort(FilterProgram.COMBINATIONS, ByteOrder.LITTLE_ENDIAN);
    }

    static String quoted(final String text) {
        return text.replace('\'', '"');
    }
}
